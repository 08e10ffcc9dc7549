using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>
/// A real program beside the tests. It ends with this process, however that ends: a shell between waits for its standard input. It has a
/// group of its own, so that its workers end with it; a signal to the group of the tests makes the shell end it too.
/// </summary>
internal sealed class PeerProgram : IAsyncDisposable
{
    private readonly Process _shell;

    private PeerProgram(Process shell) => _shell = shell;

    /// <summary>Starts it, and waits until it listens at <paramref name="port"/>.</summary>
    public static async Task<PeerProgram> StartAsync(int port, string log, params string[] command)
    {
        var program = new PeerProgram(Process.Start(new ProcessStartInfo("sh", ["-c", "log=$1; shift; trap : TERM INT HUP; setsid \"$@\" >\"$log\" 2>&1 & group=$!; read word; kill -KILL -$group", "sh", log, .. command])
        {
            RedirectStandardInput = true,
            Environment = { ["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin" },
        })!);
        for (var deadline = Stopwatch.StartNew(); !IsListening(port); await Task.Delay(20))
        {
            if (deadline.Elapsed < Eventually.Patience) continue;
            await program.DisposeAsync();
            throw new InvalidOperationException($"{command[0]} did not start: {await File.ReadAllTextAsync(log)}");
        }

        return program;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static bool IsListening(int port)
    {
        using var socket = new TcpClient();
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
