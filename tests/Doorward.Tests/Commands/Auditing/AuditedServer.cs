using System.Net;
using System.Net.Http.Headers;

namespace Doorward.Tests.Commands.Auditing;

/// <summary>A server as a process of its own with a route for each outcome, and machines that ask.</summary>
internal sealed class AuditedServer : IAsyncDisposable
{
    private const string Configuration = """
        url: http://localhost:8080
        listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        audit: { checkpoints: { file: FOLDER/outside.checkpoints, every: 1s }, file: FOLDER/audit.jsonl, stdout: false }
        identity_providers: [ { name: corp, preset: oidc, issuer: "http://127.0.0.1:1", client_id: doorward, client_secret: secret } ]
        signals: [ { name: okta, providers: [ corp ], issuer: "http://127.0.0.1:1", silent_after: 10m } ]
        routes:
          - { name: allow, from: http://allow.example.com, response: { status: 200, body: one }, allow_any_authenticated_user: true }
          - name: deny
            from: http://deny.example.com
            response: { status: 200, body: two }
            owners: { allow: { and: [ { user: { is: service-account/keeper } } ] } }
            policy: { allow: { and: [ { groups: { has: finance } } ] } }
          - { name: step-up, from: http://step-up.example.com, response: { status: 200, body: x }, policy: { allow: { and: [ { authentication: { acr: phr } } ] } } }
          - { name: device, from: http://device.example.com, response: { status: 200, body: x }, policy: { allow: { and: [ { device/compliant: true } ] } } }
          - name: certificate
            from: http://certificate.example.com
            response: { status: 200, body: x }
            policy: [ { deny: { or: [ { invalid_client_certificate: true } ] } }, { allow: { and: [ { authenticated_user: true } ] } } ]
          - { name: silent, from: http://silent.example.com, response: { status: 200, body: x }, allow_any_authenticated_user: true, require_signals: [ okta ] }
          - { name: upstream, from: http://upstream.example.com, to: "http://127.0.0.1:1", allow_any_authenticated_user: true }

        """;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private AuditedServer(TextFiles files, string config, Executable server) => (Files, Config, Server) = (files, config, server);

    public TextFiles Files { get; }

    public string Config { get; }

    public Executable Server { get; private set; }

    public string Url => $"http://localhost:{Server.Address.Port}";

    public static async Task<AuditedServer> StartAsync()
    {
        var files = new TextFiles();
        var config = files.Write("doorward.yaml", Configuration.Replace("FOLDER", files.Folder, StringComparison.Ordinal));
        return new(files, config, await Executable.ServeAsync(config));
    }

    /// <summary>Writes something else into the configuration, and waits until the server goes by it.</summary>
    public async Task EditAsync(string former, string next)
    {
        var text = await File.ReadAllTextAsync(Config);
        Assert.Contains(former, text, StringComparison.Ordinal);
        File.Move(Files.Write("next.yaml", text.Replace(former, next, StringComparison.Ordinal)), Config, overwrite: true);
        for (var deadline = Environment.TickCount64 + 30_000; (await CommandRun.Of("check", Config, "--against", Path.Combine(Files.Folder, "admin.sock"))).ExitCode != 0; await Task.Delay(50))
            Assert.True(Environment.TickCount64 < deadline, "the configuration was not taken up");
    }

    public async Task RestartAsync()
    {
        await Server.KillAsync();
        await Server.DisposeAsync();
        Server = await Executable.ServeAsync(Config);
    }

    public Task<CommandRun> RunAsync(params string[] args) => CommandRun.Of([.. args, "--config", Config]);

    public async Task<string> AccountAsync(string name, string role = "none", params string[] more) => (await RunAsync(["service-accounts", "create", name, "--role", role, .. more])).Output.Trim();

    /// <summary>Asks a route, and returns the status and the id that whoever asked was shown: by the page, the answer or the message.</summary>
    public async Task<(int Status, string Id)> AskAsync(string route, string? secret, string audience = "curl")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address) { Headers = { Host = $"{route}.example.com" } };
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (audience == "browser") request.Headers.Add("Accept", "text/html");
        if (audience == "grpc")
        {
            request.Method = HttpMethod.Post;
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.ContentType = new("application/grpc");
        }
        using var answer = await _client.SendAsync(request);
        return ((int)answer.StatusCode, await IdIn(answer, audience));
    }

    private static async Task<string> IdIn(HttpResponseMessage answer, string audience)
    {
        var header = answer.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.Single() : "";
        var shown = audience == "grpc" ? string.Concat(answer.Headers.TryGetValues("grpc-message", out var messages) ? messages : []) : await answer.Content.ReadAsStringAsync();
        // What is let through shows none; a redirect shows nothing at all.
        if (header.Length > 0 && answer.StatusCode != HttpStatusCode.Redirect) Assert.Contains(header, shown, StringComparison.Ordinal);
        return header;
    }

    /// <summary>Runs a query until it finds so many: a record reaches the store a moment after the answer.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(int least, params string[] filters)
    {
        for (var deadline = Environment.TickCount64 + (long)Executable.Patience.TotalMilliseconds; ;)
        {
            var run = await RunAsync(["audit", "query", "--json", "--limit", "10000", .. filters]);
            Assert.True(run.ExitCode == 0, run.Error);
            var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length >= least) return lines;
            Assert.True(Environment.TickCount64 < deadline, $"{lines.Length} of {least} records came");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _client.Dispose();
        Files.Dispose();
    }
}
