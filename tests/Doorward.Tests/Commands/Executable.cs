using System.Diagnostics;
using System.Globalization;

namespace Doorward.Tests.Commands;

/// <summary>The executable as a process of its own: a server that runs, or a command from its start to its end.</summary>
internal sealed class Executable : IAsyncDisposable
{
    /// <summary>It ends only what hangs: where twenty processes share two cores, one of ours takes half a minute to start.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;

    private Executable(Process process) => (_process, _error) = (process, process.StandardError.ReadToEndAsync());

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Everything on its standard error; when it has ended.</summary>
    public Task<string> Errors => _error;

    /// <summary>Everything on its standard output behind the line that says where it listens; when it has ended.</summary>
    public Task<string> Output { get; private set; } = Task.FromResult("");

    public static async Task<CommandRun> RunAsync(params string[] args)
    {
        await using var command = Start(args);
        using var deadline = new CancellationTokenSource(Patience);
        var output = await command._process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = await command._error.WaitAsync(deadline.Token);
        await command._process.WaitForExitAsync(deadline.Token);
        return new(command._process.ExitCode, output, error);
    }

    public static async Task<Executable> ServeAsync(string configuration)
    {
        var server = Start(["serve", "--config", configuration]);
        using var deadline = new CancellationTokenSource(Patience);
        while (await server._process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (!line.StartsWith("Doorward listens at ", StringComparison.Ordinal)) continue;
            server.Address = new(line["Doorward listens at ".Length..].Split(',')[0]);
            // The records of its requests come there as well; a full pipe would stop it.
            server.Output = server._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return server;
        }

        var error = await server._error;
        await server.DisposeAsync();
        throw new InvalidOperationException($"The server did not start: {error}");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as an operator does; its exit code.</summary>
    public Task<int> StopAsync() => EndAsync("-TERM");

    /// <summary>Ends it by a signal, and waits for that.</summary>
    public async Task<int> EndAsync(string signal)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static Executable Start(string[] args) => new(Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "doorward.dll"), .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);
}
