using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>A <c>doorward serve</c> as an operator starts it: a process of its own.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const string Announcement = "Doorward listens at ";

    private readonly Process _process;
    private readonly Task _reading;

    private ServeProcess(Process process, int port, ConcurrentQueue<string> log, Task reading) => (_process, Port, Log, _reading) = (process, port, log, reading);

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>Whether it lives: nothing but a test ends it.</summary>
    public bool Lives => !_process.HasExited;

    /// <summary>What it writes to its standard error.</summary>
    public IReadOnlyCollection<string> Log { get; }

    /// <param name="configuration">Its file.</param>
    /// <param name="records">Gains the lines that it writes.</param>
    public static async Task<ServeProcess> StartAsync(string configuration, ConcurrentQueue<string> records)
    {
        var process = Begin(configuration);
        var log = new ConcurrentQueue<string>();
        var errors = TellAsync(process.StandardError, log);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
                return new(process, new Uri(line[Announcement.Length..].Split(", ")[0]).Port, log, Task.WhenAll(errors, ReadAsync(process.StandardOutput, records)));
            records.Enqueue(line);
        }

        await errors;
        throw new InvalidOperationException($"doorward serve ended: {string.Join('\n', log)}");
    }

    /// <summary>Kills it so long after its first instruction, however far it has come by then.</summary>
    public static async Task KillInItsStartAsync(string configuration, TimeSpan after)
    {
        using var process = Begin(configuration);
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.Delay(after);
        process.Kill();
        await process.WaitForExitAsync();
        await output;
    }

    /// <summary>As <c>kill -9</c>: nothing is said, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>As a hypervisor does to a machine: nothing of it runs, until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    public Task ResumeAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static Process Begin(string configuration)
    {
        var executable = Path.Combine(AppContext.BaseDirectory, "doorward.dll");
        return Process.Start(new ProcessStartInfo("dotnet", ["exec", executable, "serve", "--config", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Its log is shown where a test fails.</summary>
    private static async Task TellAsync(StreamReader error, ConcurrentQueue<string> log)
    {
        var output = TestContext.Current.TestOutputHelper;
        while (await error.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
            try
            {
                output?.WriteLine(line);
            }
            catch (InvalidOperationException)
            {
                // The test is over; the process is just ending too.
            }
        }
    }

    private static async Task ReadAsync(StreamReader output, ConcurrentQueue<string> records)
    {
        while (await output.ReadLineAsync() is { } line) records.Enqueue(line);
    }
}
