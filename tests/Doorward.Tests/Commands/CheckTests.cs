using Doorward.Server;

namespace Doorward.Tests.Commands;

public sealed class CheckTests : IDisposable
{
    private const string Head = """
        url: http://door.localhost:8080
        listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

        """;

    private const string Staff = """
        identity_providers: [ { name: corp, issuer: "http://localhost:1", client_id: doorward } ]
        policies: { staff: { allow: { and: [ { domain: { is: example.com } } ] } } }

        """;

    private const string Routes = """
        routes:
          - { name: one, from: https://one.example.com, to: "http://127.0.0.1:1", policy: staff }
          - { name: two, from: https://two.example.com, to: "http://127.0.0.1:1", allow_any_authenticated_user: true }

        """;

    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_sound_file_is_told_to_be_sound()
    {
        var run = await CommandRun.Of("check", _files.Write("doorward.yaml", Head + Staff + Routes));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("2 routes, 1 policy, 0 errors, 0 warnings\n", run.Output);
    }

    [Fact]
    public async Task Every_problem_is_told_with_its_place()
    {
        var file = _files.Write("doorward.yaml", Head + "sesion: {}\nroutes:\n  - { from: https://one.example.com, too: x }\n");
        var run = await CommandRun.Of("check", file);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{file}:6:1: error DW2001: The configuration has no key «sesion». Did you mean «session»?\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{file}:8:38: error DW2001: A route has no key «too». Did you mean «to»?\n", run.Output, StringComparison.Ordinal);
        Assert.Equal("3 errors, 1 warning", run.LastLine);
        Assert.Equal(4, (await CommandRun.Of("check", file, "--json")).Json.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task What_a_file_would_change_on_a_running_server_is_told()
    {
        var file = _files.Write("doorward.yaml", Head + Staff + Routes);
        var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = file, RecordLines = false }, TestContext.Current.CancellationToken);
        Assert.Empty(started.Problems);
        await using var server = started.Server;
        var socket = Path.Combine(Path.GetDirectoryName(file)!, "admin.sock");

        var same = await CommandRun.Of("check", file, "--against", socket);
        Assert.Equal((0, "nothing would change"), (same.ExitCode, same.Output.Split('\n')[0]));

        // Layout, comments and the order of keys and routes change nothing.
        var layout = _files.Write("layout.yaml", Head + "# the people\nidentity_providers: [ { client_id: doorward, issuer: \"http://localhost:1\", name: corp } ]\npolicies:\n  staff:\n    allow:\n      and:\n        - domain:\n            is: example.com\n" + Routes);
        Assert.Equal(0, (await CommandRun.Of("check", layout, "--against", socket)).ExitCode);

        var other = _files.Write("other.yaml", Head + "session: { absolute: 1h }\n" + Staff.Replace("example.com", "example.org", StringComparison.Ordinal) + """
            guardrails: [ { name: g, hosts: ["two.example.com"], policy: { deny: { or: [ { http_path: { is: /x } } ] } } } ]
            routes:
              - { name: one, from: https://one.example.com, to: "http://127.0.0.1:2", timeout: 1s, policy: staff }
              - { name: two, from: https://two.example.com, to: "http://127.0.0.1:1", allow_any_authenticated_user: true }
              - { name: three, from: https://three.example.com, prefix: /x, to: "http://127.0.0.1:1", policy: staff }

            """);
        var run = await CommandRun.Of("check", other, "--against", socket);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            """
            + setting session
            ~ policy staff: 2 routes: one three
            + guardrail g: 1 route: two
            ~ route one: timeout, to
            + route three: three.example.com/x
            ~ route two: who may pass, through what it names or what guards it
            3 routes, 1 policy, 0 errors, 0 warnings

            """, run.Output);
        Assert.Equal(6, (await CommandRun.Of("check", other, "--against", socket, "--json")).Json.GetProperty("changes").GetArrayLength());
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_is_a_problem()
    {
        var file = _files.Write("doorward.yaml", Head);
        var token = _files.Write("token", "secret-not-to-be-told");
        foreach (var args in new string[][] { ["/there/is/no.sock"], ["http://127.0.0.1:1"], ["http://127.0.0.1:1", "--token-file", token], ["http://127.0.0.1:1", "--token-file", "/there/is/none"] })
        {
            var run = await CommandRun.Of(["check", file, "--against", .. args]);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("error DW7003", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("not-to-be-told", run.Output + run.Error, StringComparison.Ordinal);
        }
    }
}
