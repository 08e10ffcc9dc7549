using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Doorward.Server.Tests.Composed;

namespace Doorward.Tests.Commands;

/// <summary>
/// Secrets are put wherever one can be, and everything that the product says is searched for them. It was seen to fail: on 28 November 2026
/// four leaks were planted by hand in a copy (the query in a tag of a span and in the path of a record, the Authorization header in a line of the log,
/// the Cookie header in a refusal), and it named each of them in every output that had it.
/// </summary>
public sealed partial class CanaryTests : IDisposable
{
    private readonly TextFiles _files = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<(string Where, string Text)> _said = [];
    private readonly List<string> _secrets;
    private readonly string _rootKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly string _pem;

    public CanaryTests()
    {
        _pem = _key.ExportPkcs8PrivateKeyPem();
        // Lines of a key in PEM are secrets each, and so is what is behind the prefix of a token.
        _secrets = ["canary", _rootKey, _rootKey[..20], Base64(_pem)[..60], .. _pem.Split('\n').Where(line => line.Length > 20 && !line.StartsWith("-----", StringComparison.Ordinal))];
    }

    public void Dispose()
    {
        _key.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task None_is_in_anything_that_a_server_says_from_its_start_to_its_end()
    {
        await using var collector = await Collector.StartAsync();
        var config = Written(Configuration(collector.Url));
        await using var server = await Executable.ServeAsync(config);
        var secret = (await CommandRun.Of("service-accounts", "create", "robot", "--role", "admin", "--config", config)).Output.Trim();
        _secrets.AddRange([secret, secret["doorward_sa_".Length..]]);
        await AskEverythingAsync(server.Address, secret);
        var id = await RequestIdAsync(config);
        await ReadAdministrationAsync(id);
        await RunCommandsAsync(config, id, _files.Write("token", secret), server.Address);
        Written(Configuration(collector.Url).Replace("canary", "canary-two", StringComparison.Ordinal));
        await AddAsync("check", config, "--against", Path.Combine(_files.Folder, "admin.sock"));

        await server.StopAsync();
        _said.AddRange([("the log", await server.Errors), ("the standard output", await server.Output), ("the file of records", await File.ReadAllTextAsync(Path.Combine(_files.Folder, "audit.jsonl"), TestContext.Current.CancellationToken))]);
        _said.AddRange(((string[])["traces", "metrics", "logs"]).Select(kind => ($"the collector's {kind}", collector.Text($"/v1/{kind}"))));
        AssertNone(expected: [("an answer", "request_id"), ("the file of records", "/control"), ("the standard output", "\"kind\":\"decision\""), ("the collector's traces", "GET deny"), ("the collector's metrics", "doorward_decisions"), ("the collector's logs", "doorward.audit.decision"), ("/metrics", "doorward_decisions"), ("service-accounts list", "robot")]);
    }

    [Theory]
    [InlineData("store: { sqlite: doorward.db }", "store: { postgres: \"Host=127.0.0.1;Port=1;Username=door;Password=canary;Database=d;Timeout=2\" }")]
    [InlineData("store: { sqlite: doorward.db }", "store: { postgres: \"Host=127.0.0.1;Password=canary;Hostt=x\" }")]
    [InlineData("root_key: ", "root_key: canary-")]
    [InlineData("root_key: ", "root_kez: canary-")]
    [InlineData("client_secret: canary", "client_secret: [ canary ]")]
    [InlineData("client_secret: canary", "client_secert: canary")]
    [InlineData("token: canary", "token: canary short #")]
    [InlineData("tls_client_key: ", "tls_client_key: canary")]
    [InlineData("identity_providers:", "identity_providers: \"canary")]
    public async Task None_is_in_what_is_said_of_a_mistake(string right, string wrong)
    {
        var text = Configuration();
        Assert.Contains(right, text, StringComparison.Ordinal);
        var config = Written(text.Replace(right, wrong, StringComparison.Ordinal));
        await AddAsync("check", config);
        // A store that is away keeps no server from starting.
        if (!wrong.Contains("Port=1", StringComparison.Ordinal))
        {
            var started = await Executable.RunAsync("serve", "--config", config);
            Assert.Equal(2, started.ExitCode);
            _said.AddRange([("serve", started.Output), ("serve", started.Error)]);
        }
        else
        {
            await using var server = await Executable.ServeAsync(config);
            await AddAsync("sessions", "list", "--config", config);
            await server.EndAsync("-TERM");
            _said.AddRange([("the log", await server.Errors), ("the standard output", await server.Output)]);
        }
        AssertNone();
    }

    /// <summary>Pages, answers and messages: what is let through, refused, wrong and not there, with secrets wherever a client may send some.</summary>
    private async Task AskEverythingAsync(Uri address, string secret)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        string[] hosts = ["deny.example.com", "up.example.com", "header.example.com", "nowhere.example.com", "localhost:8080"];
        string[] paths = ["/control?token=canary&code=canary", "/.doorward/callback?code=canary-code&state=canary", "/oauth2/callback?code=canary&state=canary", "/.doorward/sign-in?return_to=canary", "/.doorward/scim/v2/okta/Users", "/.doorward/api/sessions"];
        foreach (var host in hosts)
        foreach (var path in paths)
        foreach (var bearer in (string?[])[null, "canary-bearer", secret])
        foreach (var accept in (string[])["text/html", "application/json", "application/grpc"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path)) { Headers = { Host = host } };
            request.Headers.TryAddWithoutValidation("Accept", accept);
            request.Headers.TryAddWithoutValidation("Cookie", "doorward=canary-cookie; __Host-doorward=canary; other=canary");
            request.Headers.TryAddWithoutValidation("X-Api-Key", "canary-key");
            if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
            if (accept.EndsWith("grpc", StringComparison.Ordinal)) request.Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/grpc") } };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            // Where somebody goes on to is told to them alone, as they said it; a sign-in must know it.
            var told = answer.Headers.Where(header => header.Key is not ("Location" or "Set-Cookie")).SelectMany(header => header.Value);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            _said.AddRange(told.Append(path.Contains("sign-in", StringComparison.Ordinal) ? "" : ReturnTo().Replace(body, "")).Select(text => ("an answer", text)));
        }
        foreach (var part in (string[])["http://127.83.7.9:8081/readyz", "http://127.83.7.9:8082/metrics"]) _said.Add((new Uri(part).AbsolutePath, await client.GetStringAsync(part, TestContext.Current.CancellationToken)));
    }

    [GeneratedRegex("""return_to=[^"&<>\s\\]*""")]
    private static partial Regex ReturnTo();

    private static async Task<string> RequestIdAsync(string config)
    {
        for (var deadline = Environment.TickCount64 + 30_000; ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            var run = await CommandRun.Of("audit", "query", "--route", "deny", "--kind", "decision", "--json", "--config", config);
            if (run.Output.Length > 0) return JsonDocument.Parse(run.Output.Split('\n')[0]).RootElement.GetProperty("record").GetProperty("request").GetString()!;
            Assert.True(Environment.TickCount64 < deadline, run.Error);
        }
    }

    /// <summary>Every question that the administration answers, as its own document lists them.</summary>
    private async Task ReadAdministrationAsync(string id)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_files.Folder, "admin.sock")), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        const string Api = "http://localhost/.doorward/api";
        var document = await client.GetStringAsync($"{Api}/openapi.json", TestContext.Current.CancellationToken);
        var questions = JsonDocument.Parse(document).RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)).Select(path => path.Name).ToList();
        Assert.True(questions.Count > 8);
        foreach (var question in questions)
        {
            var path = question.Replace("{request}", id, StringComparison.Ordinal).Replace("{route}", "deny", StringComparison.Ordinal).Replace("{provider}", "corp", StringComparison.Ordinal).Replace("{subject}", "ada", StringComparison.Ordinal);
            using var answer = await client.GetAsync(new Uri(Api + path), TestContext.Current.CancellationToken);
            _said.Add((question, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }
    }

    private async Task RunCommandsAsync(string config, string id, string token, Uri address)
    {
        var (extract, policy) = (Path.Combine(_files.Folder, "extract.jsonl"), _files.Write("policy.yaml", "{ allow: { and: [ { authenticated_user: true } ] } }"));
        string[][] commands =
        [
            ["check", config], ["check", config, "--json"], ["policy", "show", "--config", config, "--route", "deny"], ["explain", id, "--config", config], ["explain", id, "--json", "--config", config],
            ["audit", "query", "--config", config, "--limit", "1000"], ["audit", "query", "--json", "--config", config, "--limit", "1000"], ["audit", "extract", extract, "--config", config], ["audit", "verify", "--store", "--config", config],
            ["audit", "replay", "--policy", policy, "--route", "deny", "--config", config], ["service-accounts", "list", "--config", config], ["sessions", "list", "--config", config], ["people", "list", "--config", config],
            ["lock", "list", "--config", config], ["lock", "list", "--server", address.AbsoluteUri, "--token-file", token], ["audit", "verify", extract],
        ];
        foreach (var command in commands) await AddAsync(command);
        _said.Add(("the extract", await File.ReadAllTextAsync(extract, TestContext.Current.CancellationToken)));
    }

    private async Task AddAsync(params string[] command)
    {
        var run = await CommandRun.Of(command);
        _said.AddRange(((string[])[run.Output, run.Error]).Select(text => (string.Join(' ', command.TakeWhile(word => !word.StartsWith('-') && !word.Contains('/', StringComparison.Ordinal))), text)));
    }

    /// <param name="expected">What must be found, so that nothing was searched in vain: where, and a text.</param>
    private void AssertNone(params (string Where, string Text)[] expected)
    {
        Assert.All(expected, one => Assert.Contains(_said, said => said.Where == one.Where && said.Text.Contains(one.Text, StringComparison.Ordinal)));
        var found = (from said in _said
                     from secret in _secrets
                     let at = said.Text.IndexOf(secret, StringComparison.Ordinal)
                     where at >= 0
                     group $"«{secret}» is in {said.Where}: {said.Text[Math.Max(0, at - 200)..Math.Min(said.Text.Length, at + 100)]}" by (said.Where, secret)).Select(leaks => leaks.First()).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private string Written(string configuration) => _files.Write("doorward.yaml", configuration);

    private string Configuration(string collector = "http://127.0.0.1:1")
    {
        var request = new CertificateRequest("CN=door", _key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return $$"""
            url: http://localhost:8080
            listeners: { insecure_http: "127.0.0.1:0", health: "127.83.7.9:8081", metrics: "127.83.7.9:8082", admin_socket: {{_files.Folder}}/admin.sock }
            store: { sqlite: doorward.db }
            root_key: {{_rootKey}}
            log: { level: debug }
            audit:
              stdout: true
              file: {{_files.Folder}}/audit.jsonl
              otlp: { url: "{{collector}}/v1/logs", authorization: Bearer canary-otlp }
              checkpoints: { every: 1s, s3: { bucket: "http://127.0.0.1:1/bucket", region: x, access_key: AKIA, secret_key: canary-bucket } }
            telemetry:
              traces: { url: "{{collector}}/v1/traces", percent: 100, authorization: Bearer canary-traces }
              metrics: { url: "{{collector}}/v1/metrics", every: 1s, authorization: Bearer canary-metrics }
            identity_providers:
              - { name: corp, preset: oidc, issuer: "http://127.0.0.1:1", client_id: doorward, client_secret: canary-client }
              - { name: signing, preset: oidc, issuer: "http://127.0.0.1:1", client_id: doorward, private_key_file: {{_files.Write("provider.key", _pem)}} }
            scim: [ { name: okta, provider: corp, token: canary-scim-0123456789-0123456789-0123456789 } ]
            admins: { allow: { and: [ { groups: { has: sre } } ] } }
            routes:
              - { name: deny, from: "http://deny.example.com", response: { status: 200, body: x }, policy: { allow: { and: [ { groups: { has: finance } } ] } } }
              - { name: up, from: "http://up.example.com", to: "https://127.0.0.1:1", allow_public_unauthenticated_access: true, set_request_headers: { X-Upstream: canary-upstream }, tls_client_cert: {{Base64(certificate.ExportCertificatePem())}}, tls_client_key: {{Base64(_pem)}} }
              - { name: header, from: "http://header.example.com", response: { status: 200, body: x }, policy: { allow: { and: [ { http_header/x-api-key: { is: other } }, { http_query/token: { is: other } } ] } } }
            """;
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));
}
