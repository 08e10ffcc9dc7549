using System.Diagnostics;
using Npgsql;

namespace Doorward.Server.Tests.Lab;

/// <summary>A PostgreSQL server of a test's own, to stop and start at will. Dies with this process, however that dies.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly string Install = "Install it (Debian: `apt-get install postgresql`); ./test does so where it may.";

    private readonly string _binaries;

    /// <summary>It ends only what hangs.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private Process? _server;

    private PostgresCluster(string binaries, string folder, int port) => (_binaries, _folder, Port) = (binaries, folder, port);

    public int Port { get; }

    /// <summary>Whose descendants are the server's processes; null while it is stopped.</summary>
    public int? Server => _server?.Id;

    public static async Task<PostgresCluster> StartAsync()
    {
        var cluster = new PostgresCluster(FindBinaries(), Directory.CreateTempSubdirectory("doorward-postgres-").FullName, FreePort.Next());
        await cluster.InitializeAsync();
        await cluster.RunAsync();
        return cluster;
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Maximum Pool Size=20";

    public async Task<string> NewDatabaseAsync(string name)
    {
        await Postgres.ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name} TEMPLATE template0");
        return ConnectionString(name);
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    public async Task RunAsync()
    {
        // The shell outlives a killed test process just long enough to take the server and its files with it: its standard input ends.
        var command = $"{string.Join(' ', AsOwner($"{_binaries}/postgres"))} -D {_folder}/data -k {_folder} -p {Port} -c listen_addresses=127.0.0.1 " +
            "-c fsync=off -c full_page_writes=off -c max_connections=300 -c logging_collector=off";
        _server = Start("sh", "-c", $"{command} >{_folder}/log 2>&1 & pid=$!; read word; kill -QUIT $pid; wait $pid; [ \"$word\" = keep ] || rm -rf {_folder}");
        for (var deadline = Stopwatch.StartNew(); ;)
        {
            try
            {
                await Postgres.ExecuteAsync(ConnectionString("postgres") + ";Pooling=false", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (deadline.Elapsed < _patience && !_server.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Ends the server as a crash would.</summary>
    public async Task StopAsync()
    {
        if (_server is null)
            return;
        await _server.StandardInput.WriteLineAsync("keep");
        _server.StandardInput.Close();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Copies everything, while the server is stopped.</summary>
    public Task BackUpAsync() => CompleteAsync(Start("cp", "-a", $"{_folder}/data", $"{_folder}/backup"));

    /// <summary>Puts the copy in the place of everything, while the server is stopped.</summary>
    public void PutBack()
    {
        Directory.Delete($"{_folder}/data", recursive: true);
        Directory.Move($"{_folder}/backup", $"{_folder}/data");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await CompleteAsync(Start("chown", "postgres", _folder));
        await CompleteAsync(Start([.. AsOwner($"{_binaries}/initdb"), "-D", $"{_folder}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]));
    }

    /// <summary>PostgreSQL refuses to run as root. setpriv becomes the program, so that a signal reaches it; runuser would keep it.</summary>
    private static string[] AsOwner(string program) => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program] : [program];

    private static Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        return Process.Start(start)!;
    }

    private static async Task CompleteAsync(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await output;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{process.StartInfo.FileName} failed: {errors}");
        }
    }

    private static string FindBinaries()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (Directory.Exists("/usr/lib/postgresql"))
            folders = [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => $"{version}/bin"), .. folders];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException($"These tests need PostgreSQL's server. {Install}");
    }
}
