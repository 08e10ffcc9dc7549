using System.Diagnostics;
using System.Globalization;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>A system call of a running process, on whatever thread, fails or is held up, until this is disposed. strace does it; tracing another process needs root, as CI has.</summary>
internal sealed class FaultyCalls : IAsyncDisposable
{
    private readonly Process _strace;

    private FaultyCalls(Process strace) => _strace = strace;

    /// <param name="process">Whose.</param>
    /// <param name="fault">Which call, and what becomes of it, as strace spells it: <c>fsync:error=EIO</c>.</param>
    public static async Task<FaultyCalls> StartAsync(int process, string fault)
    {
        var call = fault[..fault.IndexOf(':', StringComparison.Ordinal)];
        string[] arguments = ["-f", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={fault}", "-p", process.ToString(CultureInfo.InvariantCulture)];
        var strace = Process.Start(new ProcessStartInfo("strace", arguments) { RedirectStandardError = true })!;
        var told = await strace.StandardError.ReadLineAsync();
        Assert.Contains("attached", told, StringComparison.Ordinal);
        return new(strace);
    }

    public async ValueTask DisposeAsync()
    {
        using (var interrupt = Process.Start("kill", ["-INT", _strace.Id.ToString(CultureInfo.InvariantCulture)])) await interrupt.WaitForExitAsync();
        await _strace.StandardError.ReadToEndAsync();
        await _strace.WaitForExitAsync();
        _strace.Dispose();
    }
}
