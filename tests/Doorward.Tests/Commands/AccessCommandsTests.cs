using System.Net.Http.Json;

namespace Doorward.Tests.Commands;

/// <summary>Sessions, people and locks by command, on a server that runs as a process of its own.</summary>
public sealed class AccessCommandsTests : IAsyncLifetime
{
    private const string Configuration = """
        url: http://localhost:8080
        listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0", metrics: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }
        identity_providers: [ { name: corp, issuer: "http://localhost:1", client_id: doorward } ]
        scim:
          - { name: entra, provider: corp, token: a-token-of-a-directory-that-is-long-enough }
          - { name: personnel, provider: corp, token: a-token-of-personnel-that-is-long-enough }
        signals: [ { name: okta, providers: [ corp ], issuer: "http://localhost:2", silent_after: 15m } ]
        routes:
          - { name: one, from: http://one.example.com, response: { status: 200, body: one }, allow_any_authenticated_user: true }

        """;

    private readonly TextFiles _files = new();
    private string _config = "";
    private Executable _server = null!;

    public async ValueTask InitializeAsync()
    {
        _config = _files.Write("doorward.yaml", Configuration);
        _server = await Executable.ServeAsync(_config);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Locks_are_set_listed_and_lifted()
    {
        Assert.Equal((0, "person «corp/a b/c» is locked.\n"), await RunAsync("lock", "person", "corp/a b/c", "--reason", "lost laptop"));
        Assert.Equal((0, "address «10.0.0.0/8» is locked.\n"), await RunAsync("lock", "address", "10.0.0.0/8"));
        var (_, list) = await RunAsync("lock", "list");
        Assert.Matches("^address 10.0.0.0/8: since 2.*Z\nperson corp/a b/c: since 2.*Z, lost laptop\n2 locks\n$", list);
        Assert.Equal((0, "person «corp/a b/c» is unlocked.\n"), await RunAsync("unlock", "person", "corp/a b/c"));
        Assert.EndsWith("1 lock\n", (await RunAsync("lock", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_date_is_set_shown_and_taken_back_also_for_somebody_who_never_signed_in()
    {
        var (exit, set) = await RunAsync("people", "set-end", "corp/ada", "2030-01-31");
        Assert.Equal((0, "corp/ada: no name, no e-mail; active, ends 2030-01-31 00:00:00Z"), (exit, set.Split('\n')[0]));
        Assert.Matches("  admin: active, ends 2030-01-31 00:00:00Z \\(told 2.*Z\\)\n$", (await RunAsync("people", "show", "corp/ada")).Output);
        Assert.EndsWith("1 person\n", (await RunAsync("people", "list", "corp/")).Output, StringComparison.Ordinal);
        Assert.Equal("0 people\n", (await RunAsync("people", "list", "other")).Output);
        Assert.StartsWith("corp/ada: no name, no e-mail; active\n", (await RunAsync("people", "clear-end", "corp/ada")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_shown_by_an_e_mail_address_and_several_of_one_address_are_named()
    {
        await KeepAsync("ada", "ada@example.com");
        await KeepAsync("ada2", "ada@example.com.example.org");
        await KeepAsync("ben", "shared@example.com");
        await KeepAsync("cleo", "Shared@example.com");

        Assert.StartsWith("corp/ada: ", (await RunAsync("people", "show", "Ada@example.com")).Output, StringComparison.Ordinal);
        var several = await CommandRun.Of("people", "show", "shared@example.com", "--config", _config);
        Assert.Equal(2, several.ExitCode);
        Assert.Contains("Several people have the e-mail address «shared@example.com»: corp/ben, corp/cleo. Name one of them by their id.", several.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_shown_by_the_address_that_any_source_tells()
    {
        await KeepAsync("ada", "ada@example.com");
        await KeepAsync("ada", "lind@example.com", "personnel");

        foreach (var address in (string[])["ada@example.com", "Lind@example.com"])
            Assert.StartsWith("corp/ada: ", (await RunAsync("people", "show", address)).Output, StringComparison.Ordinal);
    }

    private async Task KeepAsync(string id, string email, string source = "entra")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, $"/.doorward/scim/v2/{source}/Users"))
        {
            Content = JsonContent.Create(new { schemas = new[] { "urn:ietf:params:scim:schemas:core:2.0:User" }, userName = id, externalId = id, active = true, emails = new[] { new { value = email, primary = true } } }),
        };
        request.Headers.Host = "localhost";
        request.Headers.Authorization = new("Bearer", source == "entra" ? "a-token-of-a-directory-that-is-long-enough" : "a-token-of-personnel-that-is-long-enough");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_by_person()
    {
        Assert.Equal((0, "0 sessions\n"), await RunAsync("sessions", "list"));
        Assert.Equal((0, "0 sessions have ended.\n"), await RunAsync("sessions", "end", "--person", "corp/ada"));
    }

    [Fact]
    public async Task Sources_of_signals_are_told_with_how_they_do()
    {
        Assert.Equal(
            (0, """
            logout/corp: nothing yet; 0 taken, 0 of them unmatched, 0 refused by this node
            scim/entra: nothing yet; 0 taken, 0 of them unmatched, 0 refused by this node
            scim/personnel: nothing yet; 0 taken, 0 of them unmatched, 0 refused by this node
            signals/okta: silent; nothing yet; 0 taken, 0 of them unmatched, 0 refused by this node
            4 sources

            """),
            await RunAsync("signals", "status"));
    }

    [Fact]
    public async Task What_cannot_be_done_is_a_problem_with_a_cure()
    {
        foreach (var (args, said) in new (string[], string)[]
        {
            (["sessions", "end", "none"], "There is no session «none»."),
            (["sessions", "end"], "Name a session, or a person"),
            (["people", "show", "corp/nobody"], "Nobody has told of a person «corp/nobody»."),
            (["people", "show", "nobody"], "Nobody has told of a person «nobody». Its command `list` tells those that there are."),
            (["people", "set-end", "nobody", "2030-01-31"], "A person is named by provider and subject"),
            (["explain", "zzz"], "There is no record of a request «zzz» that you may see. `doorward audit query` tells those that there are."),
            (["policy", "explain", "--route", "one", "--person", "corp/nobody"], "or a directory has told of them. Mend it, and try again.\n"),
            (["lock", "address", "here"], "Mend it, and try again.\n"),
            (["people", "set-end", "corp/ada", "soon"], "«soon» is no time"),
            (["people", "clear-end", "corp/ada"], "No administrator has set an end date"),
            (["lock", "planet", "earth"], "planet"),
            (["lock", "address", "here"], "«here» is no address and no network."),
            (["unlock", "route", "one"], "There is no lock on route «one»."),
        })
        {
            var run = await CommandRun.Of([.. args, "--config", _config]);
            Assert.True(run.ExitCode == 2 && run.Error.Contains(said, StringComparison.Ordinal), $"{string.Join(' ', args)}: {run.ExitCode} {run.Output} {run.Error}");
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        var run = await CommandRun.Of([.. args, "--config", _config]);
        return (run.ExitCode, run.Output);
    }
}
