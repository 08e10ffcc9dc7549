using System.Diagnostics;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

/// <summary>Doorward.AuditWriter in a process of its own, and the answers that its client saw.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private WriterProcess(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _reading = Task.WhenAll(ReadAsync(), _process.StandardError.ReadToEndAsync());
    }

    public List<string> Written { get; } = [];

    public List<string> Refused { get; } = [];

    private static string Program => Path.Combine(AppContext.BaseDirectory.Replace("Doorward.Server.Tests", "Doorward.AuditWriter", StringComparison.Ordinal), "Doorward.AuditWriter");

    public static async Task<WriterProcess> StartAsync(string folder, int round, int segmentBytes = 256 * 1024, int pause = 0)
    {
        var writer = new WriterProcess(Program, [folder, $"{round}", $"{segmentBytes}", $"{pause}"]);
        await writer._ready.Task.WaitAsync(Eventually.Patience);
        return writer;
    }

    /// <summary>Under strace, which makes a system call fail.</summary>
    public static async Task<WriterProcess> StartAsync(string folder, string fault, int pause)
    {
        var call = fault[..fault.IndexOf(':', StringComparison.Ordinal)];
        var writer = new WriterProcess("strace", ["-f", "-qqq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={fault}", Program, folder, "0", $"{64 * 1024}", $"{pause}"]);
        await writer._ready.Task.WaitAsync(Eventually.Patience);
        return writer;
    }

    /// <summary>Kill -9. What the client had read by then, and what still lay in the pipe, was seen.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready") _ready.TrySetResult();
            else lock (Written) (line[0] == '+' ? Written : Refused).Add(line[1..]);
        }
        _ready.TrySetException(new InvalidOperationException("The writer ended before it was ready."));
    }
}
