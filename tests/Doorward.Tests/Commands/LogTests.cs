using System.Text.Json;

namespace Doorward.Tests.Commands;

public sealed class LogTests : IDisposable
{
    private const string Head = """
        url: http://door.localhost:8080
        listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

        """;

    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Level_and_format_are_as_written_and_as_a_reload_writes_them()
    {
        var file = _files.Write("doorward.yaml", Head + "log: { format: text }\n");
        await using var server = await Executable.ServeAsync(file);
        await ReloadAsync(file, "log: { format: text }\ntrusted_proxies: [ 10.0.0.1 ]\n");
        await ReloadAsync(file, "log: { level: info }\ntrusted_proxies: [ 10.0.0.2 ]\n");
        await ReloadAsync(file, "trusted_proxies: [ 10.0.0.3 ]\n");
        await ReloadAsync(file, "log: { level: error }\ntrusted_proxies: [ 10.0.0.4 ]\n");
        await ReloadAsync(file, "log: { level: error }\ntrusted_proxies: [ 10.0.0.5 ]\n");
        Assert.Equal(0, await server.StopAsync());

        // What was in force before a reload tells of it.
        var lines = (await server.Errors).TrimEnd('\n').Split('\n');
        Assert.True(lines.Length == 4, await server.Errors);
        Assert.All(lines[..2], line => Assert.Matches(@"^\S+Z info: Doorward\.Server\.Routes\.Reload\.ConfigurationReload\[\d+\] The configuration was taken up", line));
        Assert.All(lines[2..], line => Assert.StartsWith("The configuration was taken up", JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_fails_tells_problems_and_no_trace_of_a_stack()
    {
        var file = _files.Write("doorward.yaml", Head.Replace("health: \"127.0.0.1:0\"", "health: \"192.0.2.1:1\"", StringComparison.Ordinal));
        var run = await Executable.RunAsync("serve", "--config", file);
        Assert.Equal(2, run.ExitCode);
        Assert.True(run.Error.Count('\n') == 1, run.Error);
        Assert.StartsWith($"{file}:2:52: error DW2070: «listeners.health» cannot listen at 192.0.2.1:1: this machine has no such address.", run.Error, StringComparison.Ordinal);
    }

    private async Task ReloadAsync(string file, string rest)
    {
        var next = _files.Write("next.yaml", Head + rest);
        File.Move(next, file, overwrite: true);
        using var deadline = new CancellationTokenSource(Executable.Patience);
        while ((await CommandRun.Of("check", file, "--against", Path.Combine(_files.Folder, "admin.sock"))).ExitCode != 0)
            await Task.Delay(50, deadline.Token);
    }
}
