using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Doorward.Demo;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>The command as a process of its own.</summary>
[Collection(nameof(DemoRun))] // one demo at a time: they want the same ports
public class DemoCommandTests
{
    [Fact]
    public async Task The_demo_tells_where_everything_is_and_leaves_nothing_running()
    {
        var folder = Directory.CreateTempSubdirectory("doorward-demo-").FullName;
        using var taken = Take(8443);
        using var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "doorward.dll"), "demo", "--state", folder])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            using var deadline = new CancellationTokenSource(Eventually.Patience);
            List<string> lines = [];
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                lines.Add(line);
                if (line.Contains("dora-password", StringComparison.Ordinal)) break;
            }

            Assert.Contains(folder, lines[0]);
            Assert.Contains(lines, line => line.StartsWith("Port 8443 is taken: Doorward listens on ", StringComparison.Ordinal));
            var door = lines.Select(line => line.Trim().Split(' ')[0]).First(word => word.StartsWith($"https://{DemoHosts.Door}:", StringComparison.Ordinal));
            var port = new Uri(door).Port;
            Assert.True(IsListening(port));
            Assert.Equal("  person    password        groups", lines[^5]);

            using var signal = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, process.ExitCode);
            Assert.False(IsListening(port));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Null where somebody else has it already, which serves as well.</summary>
    private static TcpListener? Take(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            return null;
        }
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
