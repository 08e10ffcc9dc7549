using System.Text.Json;

namespace Doorward.Tests.Commands.Auditing;

/// <summary>From the id on the page to the answer, on a server that is a process of its own.</summary>
public sealed class ExplainTests : IAsyncLifetime
{
    private AuditedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AuditedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("browser")]
    [InlineData("curl")]
    [InlineData("grpc")]
    public async Task Every_outcome_is_explained_from_the_id_that_was_shown(string audience)
    {
        var secret = await _server.AccountAsync("robot");
        foreach (var (route, known, outcome, reason) in new[]
        {
            ("deny", true, "deny", "groups-unauthorized"), ("deny", false, "sign-in", "user-unauthenticated"), ("step-up", true, "step-up", "authentication-unauthorized"),
            ("device", true, "device", "device-unauthenticated"), ("certificate", true, "certificate", "client-certificate-required"),
        })
        {
            var (_, id) = await _server.AskAsync(route, known ? secret : null, audience);
            Assert.Equal(20, id.Length);
            var run = await ExplainAsync(id);
            Assert.Equal((route, outcome, outcome), (Text(run, "route"), Text(run, "outcome"), Text(run, "outcome_now")));
            Assert.Contains(reason, run.Json.GetProperty("reasons").EnumerateArray().Select(one => one.GetString()));
            Assert.True(run.Json.GetProperty("same_policy").GetBoolean());
            var criterion = run.Json.GetProperty("criteria")[0];
            Assert.All(["then", "now", "source", "asked"], name => Assert.NotEmpty(criterion.GetProperty(name).GetString()!));
            Assert.NotEmpty(run.Json.GetProperty("change").EnumerateArray());
            Assert.StartsWith("status ", Text(run, "end"), StringComparison.Ordinal);
        }
        await _server.AskAsync("allow", secret, audience);
        var allowed = JsonDocument.Parse((await _server.QueryAsync(1, "--route", "allow", "--kind", "decision"))[0]).RootElement.GetProperty("record").GetProperty("request").GetString()!;
        var told = await _server.RunAsync("explain", allowed, "--json");
        Assert.Equal(("allow", "allow"), (Text(told, "outcome"), Text(told, "outcome_now")));
        Assert.Empty(told.Json.GetProperty("change").EnumerateArray());
    }

    [Theory]
    [InlineData("browser")]
    [InlineData("curl")]
    [InlineData("grpc")]
    public async Task What_Doorward_itself_refused_is_explained_by_what_it_was(string audience)
    {
        var (secret, bound) = (await _server.AccountAsync("robot"), await _server.AccountAsync("bound", "none", "--routes", "allow"));
        foreach (var (route, asking, refusal, enough) in new[]
        {
            ("step-up", bound, "wrong-route", "the service account's secret were for this route"), ("silent", secret, "signals-silent", "the transmitters of signals that the route requires were heard"),
        })
        {
            var (_, id) = await _server.AskAsync(route, asking, audience);
            var run = await ExplainAsync(id);
            Assert.Equal((route, refusal, refusal), (Text(run, "route"), Text(run, "outcome"), Text(run, "outcome_now")));
            Assert.All(["change", "change_now"], name => Assert.Equal($"It would be enough if {enough}.", Assert.Single(run.Json.GetProperty(name).EnumerateArray()).GetString()));
            Assert.NotEmpty(run.Json.GetProperty("policy_lines").EnumerateArray());
            Assert.NotEmpty(run.Json.GetProperty("criteria").EnumerateArray());
            Assert.All(run.Json.GetProperty("criteria").EnumerateArray(), one => Assert.All(["then", "now", "source"], name => Assert.NotEmpty(one.GetProperty(name).GetString()!)));
            Assert.Contains($"Doorward itself refused ({refusal}): what the policy said did not count.", Notes(run));
        }
        var (_, nowhere) = await _server.AskAsync("nowhere", secret, audience);
        var told = await ExplainAsync(nowhere, ended: false);
        Assert.Equal((null, "no-route", null), (Text(told, "route"), Text(told, "outcome"), Text(told, "outcome_now")));
        Assert.Contains("No route matched the request.", Notes(told));
    }

    [Theory]
    [InlineData("browser")]
    [InlineData("curl")]
    [InlineData("grpc")]
    public async Task Who_was_let_through_and_had_no_answer_learns_that_it_was_not_Doorward(string audience)
    {
        var (_, id) = await _server.AskAsync("upstream", await _server.AccountAsync("robot"), audience);
        var run = await ExplainAsync(id);
        Assert.Equal(("upstream", "allow", "allow"), (Text(run, "route"), Text(run, "outcome"), Text(run, "outcome_now")));
        Assert.StartsWith("status 502, ", Text(run, "end"), StringComparison.Ordinal);
        Assert.EndsWith(", ended by upstream", Text(run, "end"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_changed_since_is_told_beside_what_was()
    {
        var secret = await _server.AccountAsync("robot");
        var (_, id) = await _server.AskAsync("deny", secret);
        await _server.RunAsync("service-accounts", "revoke", "robot");
        var run = await Executable.RunAsync("explain", id, "--config", _server.Config);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("then: deny (groups-unauthorized)", run.Output, StringComparison.Ordinal);
        Assert.Contains("now:  sign-in", run.Output, StringComparison.Ordinal);
        Assert.Contains("It would be enough if you are in the group «finance»", run.Output, StringComparison.Ordinal);
        Assert.Contains("note: The session has ended since.", run.Output, StringComparison.Ordinal);
        Assert.Contains(", still in force", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("browser")]
    [InlineData("curl")]
    [InlineData("grpc")]
    public async Task A_lock_is_explained_by_what_would_be_so_without_it(string audience)
    {
        var secret = await _server.AccountAsync("robot");
        Assert.Equal(0, (await _server.RunAsync("lock", "person", "service-account/robot", "--reason", "lost")).ExitCode);
        string id;
        // The lock is in force a moment after the command.
        for (var deadline = Environment.TickCount64 + 30_000; ; await Task.Delay(50))
        {
            (_, id) = await _server.AskAsync("allow", secret, audience);
            if (id.Length > 0) break;
            Assert.True(Environment.TickCount64 < deadline, "the lock never was in force");
        }
        var locked = await ExplainAsync(id);
        Assert.Equal(("deny", "deny"), (Text(locked, "outcome"), Text(locked, "outcome_now")));
        Assert.Equal("It would be enough if the lock were lifted.", Assert.Single(locked.Json.GetProperty("change").EnumerateArray()).GetString());
        await _server.RunAsync("unlock", "person", "service-account/robot");
        Assert.Equal(("deny", "allow"), (Text(await ExplainAsync(id), "outcome"), Text(await ExplainAsync(id), "outcome_now")));
    }

    [Fact]
    public async Task What_was_decided_by_a_policy_that_is_no_longer_there_is_explained_by_it()
    {
        var secret = await _server.AccountAsync("robot");
        var (_, id) = await _server.AskAsync("deny", secret);
        await ExplainAsync(id);
        await _server.EditAsync("finance", "sales");
        await _server.EditAsync("{ groups: { has: sales } }", "{ user: { is: service-account/robot } }");

        var run = await ExplainAsync(id, told => told.Json.GetProperty("policy_lines").GetArrayLength() > 0);
        Assert.Equal(("deny", "allow", false), (Text(run, "outcome"), Text(run, "outcome_now"), run.Json.GetProperty("same_policy").GetBoolean()));
        Assert.Contains("finance", Assert.Single(run.Json.GetProperty("policy_lines").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Contains("service-account/robot", Assert.Single(run.Json.GetProperty("policy_lines_now").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Contains("«finance»", Assert.Single(run.Json.GetProperty("change").EnumerateArray()).GetString(), StringComparison.Ordinal);
        var criteria = run.Json.GetProperty("criteria").EnumerateArray().Select(one => (one.GetProperty("key").GetString(), one.GetProperty("then").GetString() is not null, one.GetProperty("now").GetString() is not null));
        Assert.Equal([("groups", true, false), ("user", false, true)], criteria);

        // Also for a server that has never had that policy itself.
        await _server.RestartAsync();
        Assert.Contains("«finance»", (await _server.RunAsync("explain", id)).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[ { deny: { or: [ { invalid_client_certificate: true } ] } }, { allow: { and: [ { authenticated_user: true } ] } } ]", "certificate")]
    [InlineData("{ allow: { and: [ { http_header/x-team: { is: sre } } ] } }", "x-team")]
    public async Task What_the_policy_of_now_reads_of_the_request_and_no_record_holds_is_not_claimed(string policy, string untold)
    {
        var (_, id) = await _server.AskAsync("deny", await _server.AccountAsync("robot"));
        await ExplainAsync(id);
        await _server.EditAsync("{ allow: { and: [ { groups: { has: finance } } ] } }", policy);
        var run = await ExplainAsync(id);
        Assert.Equal(("deny", null), (Text(run, "outcome"), Text(run, "outcome_now")));
        Assert.All(run.Json.GetProperty("criteria").EnumerateArray(), one => Assert.Null(one.GetProperty("now").GetString()));
        Assert.Contains(Notes(run), note => note!.StartsWith("How it would be now is not known", StringComparison.Ordinal) && note.Contains(untold, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_owner_of_a_route_may_ask_about_that_route_only()
    {
        var keeper = _server.Files.Write("keeper", await _server.AccountAsync("keeper"));
        var other = _server.Files.Write("other", await _server.AccountAsync("other"));
        var admin = _server.Files.Write("admin", await _server.AccountAsync("admin", "admin"));
        var (_, own) = await _server.AskAsync("deny", null);
        var (_, foreign) = await _server.AskAsync("device", null);
        foreach (var (token, id, code) in new[] { (keeper, own, 0), (keeper, foreign, 2), (other, own, 2), (admin, own, 0), (admin, foreign, 0), (keeper, "no-such-id", 2) })
        {
            var run = await CommandRun.Of("explain", id, "--server", _server.Url, "--token-file", token);
            Assert.True(run.ExitCode == code, $"{Path.GetFileName(token)} {id}: {run.ExitCode} {run.Error}");
            if (code != 0) Assert.Contains("that you may see", run.Error, StringComparison.Ordinal);
        }
        // Nothing else is open to an owner.
        Assert.Equal(2, (await CommandRun.Of("audit", "query", "--server", _server.Url, "--token-file", keeper)).ExitCode);
    }

    /// <summary>With how it ended, which is recorded a moment after the answer.</summary>
    private async Task<CommandRun> ExplainAsync(string id, Func<CommandRun, bool>? complete = null, bool ended = true)
    {
        for (var deadline = Environment.TickCount64 + (long)Executable.Patience.TotalMilliseconds; ; await Task.Delay(50))
        {
            var run = await _server.RunAsync("explain", id, "--json");
            Assert.True(run.ExitCode == 0, run.Error);
            if ((Text(run, "end") is not null || !ended) && complete?.Invoke(run) != false) return run;
            Assert.True(Environment.TickCount64 < deadline, $"it did not become complete: {run.Output}");
        }
    }

    private static IEnumerable<string?> Notes(CommandRun run) => run.Json.GetProperty("notes").EnumerateArray().Select(note => note.GetString());

    private static string? Text(CommandRun run, string name) => run.Json.GetProperty(name).GetString();
}
