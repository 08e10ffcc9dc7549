using System.Collections.Concurrent;
using System.Diagnostics;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>A <c>doorward serve</c> as an operator starts it: a process of its own.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const string Announcement = "Doorward listens at ";

    private readonly Process _process;
    private readonly Task _reading;

    private ServeProcess(Process process, int port, Task reading) => (_process, Port, _reading) = (process, port, reading);

    public int Port { get; }

    /// <param name="configuration">Its file.</param>
    /// <param name="records">Gains the lines that it writes.</param>
    public static async Task<ServeProcess> StartAsync(string configuration, ConcurrentQueue<string> records)
    {
        var executable = Path.Combine(AppContext.BaseDirectory, "doorward.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", executable, "serve", "--config", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = TellAsync(process.StandardError);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
                return new(process, new Uri(line[Announcement.Length..].Split(", ")[0]).Port, ReadAsync(process.StandardOutput, records));
            records.Enqueue(line);
        }

        await errors;
        throw new InvalidOperationException("doorward serve ended; its log stands in the test's output.");
    }

    /// <summary>As <c>kill -9</c>: nothing is said, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    /// <summary>Its log is shown where a test fails.</summary>
    private static async Task TellAsync(StreamReader log)
    {
        var output = TestContext.Current.TestOutputHelper;
        while (await log.ReadLineAsync() is { } line)
        {
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
