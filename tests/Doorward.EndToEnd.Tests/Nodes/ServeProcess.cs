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

    /// <summary>Whether it lives: nothing but a test ends it.</summary>
    public bool Lives => !_process.HasExited;

    /// <param name="configuration">Its file.</param>
    /// <param name="records">Gains the lines that it writes.</param>
    public static async Task<ServeProcess> StartAsync(string configuration, ConcurrentQueue<string> records)
    {
        var process = Begin(configuration);
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
                return new(process, new Uri(line[Announcement.Length..].Split(", ")[0]).Port, ReadAsync(process.StandardOutput, records));
            records.Enqueue(line);
        }

        throw new InvalidOperationException($"doorward serve ended: {await errors}");
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

    private static async Task ReadAsync(StreamReader output, ConcurrentQueue<string> records)
    {
        while (await output.ReadLineAsync() is { } line) records.Enqueue(line);
    }
}
