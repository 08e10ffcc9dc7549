using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Identity.Providers;

/// <summary>Plays back what a real product answers, at its real addresses (which lead to this machine), with keys of our own.</summary>
internal sealed class RecordedProvider : IAsyncDisposable
{
    private static readonly LabAuthority _authority = new();

    private readonly string _folder;
    private readonly WebApplication _app;
    private readonly ManualTime _time = new();
    private readonly LabKey _key = LabKey.Rsa();
    private int _port;

    private RecordedProvider(string folder, WebApplication app) => (_folder, _app) = (folder, app);

    public static string Root { get; } = Path.Combine(NodePeer.Checkout(), "tests", "Doorward.Server.Tests", "Identity", "Providers", "Recorded");

    public string Nonce { get; set; } = "";

    public List<string> Requests { get; } = [];

    public ProviderSet Providers { get; private set; } = null!;

    public static async Task<RecordedProvider> StartAsync(string name, bool trusted = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.UseHttps(h => h.ServerCertificateSelector = (_, host) => _authority.For(host!))));
        var app = builder.Build();
        var recorded = new RecordedProvider(Path.Combine(Root, name), app);
        app.Run(recorded.AnswerAsync);
        await app.StartAsync();
        recorded._port = new Uri(app.Urls.Single()).Port;
        recorded.Providers = new ProviderSet([recorded.Settings(name, trusted)], allowLocalHttp: false, recorded.ConnectAsync, recorded._time);
        return recorded;
    }

    public JsonObject? Read(string file) =>
        File.Exists(Path.Combine(_folder, file + ".json")) ? (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, file + ".json")))! : null;

    public async ValueTask DisposeAsync()
    {
        Providers.Dispose();
        await _app.DisposeAsync();
    }

    private ProviderSettings Settings(string name, bool trusted)
    {
        var written = Read("settings")!;
        written["Name"] = name;
        if (trusted) written["CaPem"] = _authority.Pem;
        if (written["PrivateKeyPem"] is not null) written["PrivateKeyPem"] = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();
        return written.Deserialize<ProviderSettings>()!;
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _port, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var whole = $"{request.Method} https://{request.Host.Host}{request.Path}{request.QueryString}";
        var plain = whole.Split('?')[0];
        if (!plain.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal)) Requests.Add(whole);
        var answer = Answer(plain, WebUtility.UrlDecode(whole));
        if (answer is JsonObject body && body["$status"] is { } status)
        {
            context.Response.StatusCode = (int)status;
            body.Remove("$status");
        }

        context.Response.StatusCode = answer is null ? 404 : context.Response.StatusCode;
        await context.Response.WriteAsync(answer?.ToJsonString() ?? "{}");
    }

    private JsonNode? Answer(string plain, string whole)
    {
        var discovery = Read("discovery");
        var others = Read("others");
        if (plain.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal)) return discovery;
        if (plain == $"GET {discovery?["jwks_uri"]}") return new JsonObject { ["keys"] = new JsonArray(_key.Jwk()) };
        if (plain == $"GET {discovery?["userinfo_endpoint"]}") return Read("userinfo");
        if (plain == $"POST {discovery?["token_endpoint"]}") return Tokens();
        return others?[whole] ?? others?[plain];
    }

    private JsonObject Tokens()
    {
        var tokens = Read("token")!;
        var claims = Read("id_token")!;
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        (claims["iat"], claims["exp"], claims["nonce"]) = (now, now + 300, Nonce);
        if (claims["auth_time"] is not null) claims["auth_time"] = now;
        if ((string?)claims["at_hash"] == "$at_hash")
            claims["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes((string)tokens["access_token"]!)).AsSpan(0, 16));
        tokens["id_token"] = new TokenDraft(claims, _key).Write();
        return tokens;
    }
}
