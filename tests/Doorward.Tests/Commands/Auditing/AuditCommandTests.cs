using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Doorward.Tests.Commands.Auditing;

/// <summary>The trail asked, verified and handed on by command, on a server that is a process of its own.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    private AuditedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AuditedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Records_are_found_by_who_where_what_why_and_when()
    {
        var secret = await _server.AccountAsync("robot");
        for (var i = 0; i < 3; i++) await _server.AskAsync("allow", secret);
        var (_, denied) = await _server.AskAsync("deny", secret);
        await _server.AskAsync("device", null);

        Assert.Equal(4, (await _server.QueryAsync(4, "--person", "service-account/robot")).Count);
        Assert.Equal(3, (await _server.QueryAsync(3, "--route", "allow")).Count);
        Assert.Single(await _server.QueryAsync(1, "--outcome", "deny"));
        Assert.Single(await _server.QueryAsync(1, "--reason", "groups-unauthorized"));
        Assert.Equal(2, (await _server.QueryAsync(2, "--request", denied)).Count);
        Assert.Single(await _server.QueryAsync(1, "--kind", "administration"));
        Assert.Empty(await _server.QueryAsync(0, "--to", "1h"));
        Assert.Equal(5, (await _server.QueryAsync(5, "--from", "1h", "--kind", "decision")).Count);

        var table = await Executable.RunAsync("audit", "query", "--route", "deny", "--config", _server.Config);
        Assert.Equal(0, table.ExitCode);
        var rows = table.Output.TrimEnd().Split('\n');
        Assert.StartsWith("when ", rows[0], StringComparison.Ordinal);
        Assert.Contains("GET deny.example.com/", Assert.Single(rows[1..]), StringComparison.Ordinal);
        Assert.EndsWith(denied, rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_configuration_has_its_record()
    {
        var changed = await File.ReadAllTextAsync(_server.Config, TestContext.Current.CancellationToken);
        File.Move(_server.Files.Write("next.yaml", changed + "  - { name: new, from: http://new.example.com, response: { status: 200, body: x }, allow_any_authenticated_user: true }\n"), _server.Config, overwrite: true);
        var details = JsonDocument.Parse((await _server.QueryAsync(1, "--kind", "configuration"))[0]).RootElement.GetProperty("record").GetProperty("details");
        Assert.Equal(("1", "0", "0"), (details.GetProperty("routes_added").GetString(), details.GetProperty("routes_removed").GetString(), details.GetProperty("routes_changed").GetString()));
        Assert.NotEqual(details.GetProperty("before").GetString(), details.GetProperty("now").GetString());
    }

    [Fact]
    public async Task Following_shows_what_is_recorded_from_now_on()
    {
        using var follow = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "doorward.dll"), "audit", "query", "--follow", "--json", "--kind", "decision", "--config", _server.Config]) { RedirectStandardOutput = true })!;
        try
        {
            using var deadline = new CancellationTokenSource(Executable.Patience);
            for (var i = 0; i < 2; i++)
            {
                var (_, id) = await _server.AskAsync("deny", null);
                Assert.Contains(id, await follow.StandardOutput.ReadLineAsync(deadline.Token), StringComparison.Ordinal);
            }
            using var signal = Process.Start("kill", ["-INT", follow.Id.ToString(CultureInfo.InvariantCulture)]);
            await follow.WaitForExitAsync(deadline.Token);
            Assert.Equal(0, follow.ExitCode);
        }
        finally
        {
            if (!follow.HasExited) follow.Kill();
        }
    }

    [Fact]
    public async Task An_extract_verifies_where_the_auditor_is_and_a_changed_one_does_not()
    {
        for (var i = 0; i < 5; i++) await _server.AskAsync("deny", null);
        await _server.RestartAsync();
        await _server.AskAsync("deny", null);
        await _server.QueryAsync(6, "--kind", "decision");

        Assert.Equal(0, (await _server.RunAsync("audit", "verify", "--store")).ExitCode);
        var file = Path.Combine(_server.Files.Folder, "extract.jsonl");
        var made = await Executable.RunAsync("audit", "extract", file, "--config", _server.Config);
        Assert.True(made.ExitCode == 0, made.Output + made.Error);
        Assert.EndsWith("records are as they were written", made.LastLine, StringComparison.Ordinal);

        // The auditor has nothing but the two files, and what was kept outside.
        var (outside, signed) = (Path.Combine(_server.Files.Folder, "outside.checkpoints"), file + ".checkpoints");
        for (var deadline = Environment.TickCount64 + (long)Executable.Patience.TotalMilliseconds; !File.Exists(outside) && Environment.TickCount64 < deadline;) await Task.Delay(50);
        var verified = await Executable.RunAsync("audit", "verify", file, "--checkpoints", outside, "--checkpoints", signed, "--json");
        Assert.True(verified.Json.GetProperty("sound").GetBoolean(), verified.Output);
        var key = Assert.Single(verified.Json.GetProperty("keys").EnumerateArray()).GetString()!;
        Assert.Equal(0, (await CommandRun.Of("audit", "verify", file, "--checkpoints", signed, "--key", key)).ExitCode);
        Assert.Contains("not believed", (await CommandRun.Of("audit", "verify", file, "--checkpoints", signed, "--key", "another")).Output, StringComparison.Ordinal);

        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[3] = lines[3].Replace("\"method\":\"GET\"", "\"method\":\"PUT\"", StringComparison.Ordinal).Replace("\"status\":", "\"status\":1", StringComparison.Ordinal);
        var changed = _server.Files.Write("changed.jsonl", string.Join('\n', lines));
        var found = await CommandRun.Of("audit", "verify", changed, "--checkpoints", signed);
        Assert.Equal(1, found.ExitCode);
        var sequence = JsonDocument.Parse(lines[3]).RootElement.GetProperty("sequence").GetInt64();
        Assert.Contains($"record {sequence}: it is not what was written", found.LastLine, StringComparison.Ordinal);

        Assert.Equal(2, (await CommandRun.Of("audit", "verify")).ExitCode);
        Assert.Equal(2, (await CommandRun.Of("audit", "verify", "/there/is/none")).ExitCode);
    }

    [Fact]
    public async Task What_a_sink_kept_verifies_as_well()
    {
        for (var i = 0; i < 20; i++) await _server.AskAsync("deny", null);
        Assert.Equal(0, await _server.Server.StopAsync());
        var run = await CommandRun.Of("audit", "verify", Path.Combine(_server.Files.Folder, "audit.jsonl"));
        Assert.True(run.ExitCode == 0, run.Output);
        // The beginning, twenty decisions and their ends: stopping loses none.
        Assert.StartsWith("41 records ", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaying_tells_which_decisions_another_policy_would_have_made_otherwise()
    {
        var secret = await _server.AccountAsync("robot");
        await _server.AskAsync("deny", secret);
        await _server.AskAsync("deny", null);
        await _server.QueryAsync(2, "--route", "deny", "--kind", "decision");

        var same = await ReplayAsync("{ allow: { and: [ { groups: { has: finance } } ] } }");
        Assert.Equal((0, "2 decisions, 0 would differ, 0 cannot be told"), (same.ExitCode, same.LastLine));
        var open = await ReplayAsync("{ allow: { and: [ { authenticated_user: true } ] } }");
        Assert.Equal((1, "2 decisions, 1 would differ, 0 cannot be told"), (open.ExitCode, open.LastLine));
        Assert.Contains("service-account/robot: deny would be allow", open.Output, StringComparison.Ordinal);
        // The records say nothing about other groups: nothing is claimed.
        var other = await ReplayAsync("{ allow: { and: [ { groups: { has: sales } } ] } }");
        Assert.Equal((0, "2 decisions, 0 would differ, 2 cannot be told"), (other.ExitCode, other.LastLine));
        Assert.Contains("do not hold whether somebody was in sales", other.Output, StringComparison.Ordinal);
        // What the records of then hold is known also when the route has another policy.
        await _server.EditAsync("finance", "sales");
        Assert.Equal("2 decisions, 1 would differ, 0 cannot be told", (await ReplayAsync("{ allow: { and: [ { authenticated_user: true } ] } }")).LastLine);

        Task<CommandRun> ReplayAsync(string policy) => _server.RunAsync("audit", "replay", "--policy", _server.Files.Write("policy.yaml", policy), "--route", "deny");
    }

    [Fact]
    public async Task A_person_is_taken_out_and_the_store_verifies_as_before()
    {
        var secret = await _server.AccountAsync("robot");
        for (var i = 0; i < 3; i++) await _server.AskAsync("allow", secret);
        await _server.QueryAsync(3, "--person", "service-account/robot");
        var run = await Executable.RunAsync("audit", "pseudonymise", "service-account/robot", "--config", _server.Config);
        Assert.StartsWith("3 records now name pseudonym-", run.Output, StringComparison.Ordinal);
        Assert.Empty(await _server.QueryAsync(0, "--person", "service-account/robot"));
        var verified = await _server.RunAsync("audit", "verify", "--store");
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Contains("3 without their person", verified.Output, StringComparison.Ordinal);
    }
}
