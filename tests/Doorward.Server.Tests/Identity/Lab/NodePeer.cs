using System.Diagnostics;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>A program of tests/node: others' code, run beside ours. Without node the test fails, it does not skip.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private static readonly SemaphoreSlim _installing = new(1);

    private readonly Process _process;

    private NodePeer(Process process) => _process = process;

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    public static async Task<NodePeer> StartAsync(string script, params string[] arguments)
    {
        var folder = Path.Combine(Checkout(), "tests", "node");
        await InstallAsync(folder);
        return new NodePeer(Start("node", folder, [script, .. arguments]));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task InstallAsync(string folder)
    {
        await _installing.WaitAsync();
        try
        {
            if (Directory.Exists(Path.Combine(folder, "node_modules"))) return;
            using var npm = Start("npm", folder, ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
            await npm.WaitForExitAsync();
            Assert.Equal(0, npm.ExitCode);
        }
        finally
        {
            _installing.Release();
        }
    }

    private static Process Start(string program, string folder, IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        // That it keeps everything in memory is what it warns of at each start; what else it says is wanted.
        process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data is { } line && !line.StartsWith("oidc-provider WARNING: ", StringComparison.Ordinal)) System.Console.Error.WriteLine(line);
        };
        process.BeginErrorReadLine();
        return process;
    }

    public static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Doorward.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
