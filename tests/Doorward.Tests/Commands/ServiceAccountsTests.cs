using System.Net;

namespace Doorward.Tests.Commands;

/// <summary>The commands as processes of their own, on a server that is one as well.</summary>
public sealed class ServiceAccountsTests : IAsyncLifetime
{
    private const string Configuration = """
        url: http://localhost:8080
        listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }
        routes:
          - { name: one, from: http://one.example.com, response: { status: 200, body: one }, allow_any_authenticated_user: true }
          - { name: two, from: http://two.example.com, response: { status: 200, body: two }, allow_any_authenticated_user: true }

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
    public async Task A_secret_passes_on_its_routes_through_a_rotation_until_it_is_revoked()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("one", null));

        var created = await RunAsync("create", "ci", "--routes", "one", "--expires", "90d");
        Assert.Equal((0, 1), (created.ExitCode, created.Output.Count('\n')));
        var first = created.Output.Trim();
        Assert.StartsWith("doorward_sa_", first, StringComparison.Ordinal);
        Assert.StartsWith("ci: routes one; role none; ends 2", created.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(first, created.Error, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (await AskAsync("one", first), await AskAsync("two", first)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("one", first, "X-Doorward-Authorization"));

        var rotated = await RunAsync("rotate", "ci");
        Assert.Contains("The former secret counts until 2", rotated.Error, StringComparison.Ordinal);
        var second = rotated.Output.Trim();
        Assert.NotEqual(first, second);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await AskAsync("one", first), await AskAsync("one", second)));

        Assert.Equal((0, "«ci» is revoked.\n"), (await RunAsync("revoke", "ci")) is var revoked ? (revoked.ExitCode, revoked.Output) : default);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await AskAsync("one", first), await AskAsync("one", second)));
    }

    [Fact]
    public async Task Accounts_are_listed_without_their_secrets()
    {
        var secret = (await RunAsync("create", "ci", "--routes", "one,two", "--expires", "2099-01-31")).Output.Trim();
        await RunAsync("create", "robot", "--role", "admin");
        var list = await RunAsync("list");
        Assert.Equal("ci: routes one, two; role none; ends 2099-01-31 00:00:00Z\nrobot: routes all; role admin; without end\n2 service accounts\n", list.Output);
        var json = await RunAsync("list", "--json");
        Assert.DoesNotContain(secret, json.Output, StringComparison.Ordinal);
        Assert.Equal("two", json.Json.GetProperty("accounts")[0].GetProperty("routes")[1].GetString());
        Assert.StartsWith("doorward_sa_", (await RunAsync("rotate", "ci", "--json")).Json.GetProperty("secret").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_afar_only_the_role_admin_may()
    {
        var admin = _files.Write("admin", (await RunAsync("create", "robot", "--role", "admin")).Output);
        var other = _files.Write("other", (await RunAsync("create", "ci")).Output);
        var url = $"http://localhost:{_server.Address.Port}";

        var listed = await Executable.RunAsync("service-accounts", "list", "--server", url, "--token-file", admin);
        Assert.Equal((0, "2 service accounts"), (listed.ExitCode, listed.LastLine));
        foreach (var (token, why) in new[] { (other, "has not the role admin"), (_files.Write("none", "doorward_sa_invented"), "Send the secret of a service account") })
        {
            var run = await Executable.RunAsync("service-accounts", "revoke", "robot", "--server", url, "--token-file", token);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains($"error DW7003: ", run.Error, StringComparison.Ordinal);
            Assert.Contains(why, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_done_is_a_problem_with_a_cure()
    {
        await RunAsync("create", "ci");
        foreach (var (args, said) in new (string[], string)[]
        {
            (["create", "ci"], "There is a service account «ci» already"),
            (["create", "c/i"], "A name has 1 to 64 letters"),
            (["create", "x", "--routes", "three"], "There is no route «three»."),
            (["create", "x", "--expires", "2001-01-01"], "The end lies in the past."),
            (["create", "x", "--expires", "soon"], "«soon» is no time"),
            (["create", "x", "--role", "king"], "king"),
            (["rotate", "nobody"], "There is no service account «nobody»."),
            (["revoke", "nobody"], "There is no service account «nobody»."),
            (["list", "--server", "/there/is/no.sock"], "«/there/is/no.sock» cannot be asked"),
        })
        {
            var run = await CommandRun.Of(["service-accounts", .. args, .. args.Contains("--server") ? Array.Empty<string>() : ["--config", _config]]);
            Assert.Equal(2, run.ExitCode);
            Assert.Equal("", run.Output);
            Assert.Contains(said, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_killed_server_leaves_nothing_that_keeps_the_next_from_starting()
    {
        await RunAsync("create", "ci");
        await _server.KillAsync();
        Assert.Equal(2, (await RunAsync("list")).ExitCode);
        _server = await Executable.ServeAsync(_config);
        Assert.Equal("1 service account", (await RunAsync("list")).LastLine);
        Assert.Equal(0, await _server.StopAsync());
    }

    private Task<CommandRun> RunAsync(params string[] args) => Executable.RunAsync(["service-accounts", .. args, "--config", _config]);

    private async Task<HttpStatusCode> AskAsync(string route, string? secret, string header = "Authorization")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address) { Headers = { Host = $"{route}.example.com" } };
        if (secret is not null) request.Headers.Add(header, $"Bearer {secret}");
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
