using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>An OpenID provider on a real socket, which is honest but for the one lie that a test gives it.</summary>
internal sealed class LyingProvider : IAsyncDisposable
{
    public const string ClientId = "doorward", ClientSecret = "s3cr+t/of the lab", AccessToken = "access-1", Subject = "ada";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string Redirect)> _codes = new();

    private LyingProvider(WebApplication app, ManualTime time) => (_app, Time) = (app, time);

    public ManualTime Time { get; }

    public string Issuer { get; private set; } = "";

    public LabKey Signer { get; set; } = LabKey.Rsa();

    public List<LabKey> Published { get; } = [LabKey.Rsa()];

    public Action<JsonObject> Discovery { get; set; } = static _ => { };

    public Action<JsonObject> Jwks { get; set; } = static _ => { };

    public Action<TokenDraft> Token { get; set; } = static _ => { };

    public Action<JsonObject> TokenAnswer { get; set; } = static _ => { };

    public Action<JsonObject> UserInfo { get; set; } = static _ => { };

    /// <summary>Parameters of the authorization response.</summary>
    public Action<Dictionary<string, string>> Response { get; set; } = static _ => { };

    /// <summary>Whole answers, by path.</summary>
    public Dictionary<string, RequestDelegate> Instead { get; } = [];

    public ConcurrentDictionary<string, int> Hits { get; } = new();

    /// <summary>The last authorization request and token request.</summary>
    public Dictionary<string, string> LastAuthorization { get; private set; } = [];

    public Dictionary<string, string> LastTokenRequest { get; private set; } = [];

    public ProviderSettings Settings => new() { Name = "lab", Preset = "oidc", Url = Issuer, ClientId = ClientId, ClientSecret = ClientSecret };

    public static async Task<LyingProvider> StartAsync(ManualTime? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new LyingProvider(app, time ?? new ManualTime());
        app.Run(provider.AnswerAsync);
        await app.StartAsync();
        provider.Issuer = app.Urls.Single();
        return provider;
    }

    public string WriteToken(string? nonce)
    {
        var now = Time.GetUtcNow();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = Subject,
            ["aud"] = ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["auth_time"] = now.ToUnixTimeSeconds(),
            ["name"] = "Ada Lovelace",
            ["email"] = "ada@example.com",
            ["email_verified"] = true,
        };
        if (nonce is not null) claims["nonce"] = nonce;
        return Write(claims, "JWT");
    }

    /// <summary>Signs any kind of token, with the lie that a test gave it.</summary>
    public string Write(JsonObject claims, string type)
    {
        var draft = new TokenDraft(claims, Signer);
        draft.Header["typ"] = type;
        Token(draft);
        return draft.Write();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Hits.AddOrUpdate(path, 1, (_, n) => n + 1);
        if (Instead.TryGetValue(path, out var instead))
        {
            await instead(context);
            return;
        }

        await (path switch
        {
            "/.well-known/openid-configuration" => WriteAsync(context, Metadata(), Discovery),
            "/.well-known/ssf-configuration" => WriteAsync(context, new() { ["issuer"] = Issuer, ["jwks_uri"] = $"{Issuer}/jwks", ["verification_endpoint"] = $"{Issuer}/verify" }, Discovery),
            "/jwks" => WriteAsync(context, new() { ["keys"] = new JsonArray([.. Published.Select(k => k.Jwk())]) }, Jwks),
            "/authorize" => AuthorizeAsync(context),
            "/token" => ExchangeAsync(context),
            "/userinfo" => WriteAsync(context, new() { ["sub"] = Subject, ["groups"] = new JsonArray("staff", "sre"), ["nickname"] = "countess" }, UserInfo),
            "/revoke" => Task.CompletedTask,
            _ => Task.FromResult(context.Response.StatusCode = 404),
        });
    }

    private JsonObject Metadata() => new()
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = $"{Issuer}/authorize",
        ["token_endpoint"] = $"{Issuer}/token",
        ["jwks_uri"] = $"{Issuer}/jwks",
        ["userinfo_endpoint"] = $"{Issuer}/userinfo",
        ["revocation_endpoint"] = $"{Issuer}/revoke",
        ["end_session_endpoint"] = $"{Issuer}/end",
        ["authorization_response_iss_parameter_supported"] = true,
    };

    private Task AuthorizeAsync(HttpContext context)
    {
        LastAuthorization = context.Request.Query.ToDictionary(p => p.Key, p => (string)p.Value!);
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        _codes[code] = (LastAuthorization["nonce"], LastAuthorization["code_challenge"], LastAuthorization["redirect_uri"]);
        var response = new Dictionary<string, string> { ["code"] = code, ["state"] = LastAuthorization["state"], ["iss"] = Issuer };
        Response(response);
        context.Response.Redirect($"{LastAuthorization["redirect_uri"]}?{string.Join('&', response.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"))}");
        return Task.CompletedTask;
    }

    private async Task ExchangeAsync(HttpContext context)
    {
        LastTokenRequest = (await context.Request.ReadFormAsync()).ToDictionary(p => p.Key, p => (string)p.Value!);
        string? nonce = null;
        if (LastTokenRequest["grant_type"] == "authorization_code")
        {
            var known = _codes.TryRemove(LastTokenRequest["code"], out var kept);
            nonce = kept.Nonce;
            if (!known || AuthorizationUrl.Challenge(LastTokenRequest["code_verifier"]) != kept.Challenge || LastTokenRequest["redirect_uri"] != kept.Redirect)
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync("""{"error":"invalid_grant"}""");
                return;
            }
        }

        await WriteAsync(context, new()
        {
            ["access_token"] = AccessToken, ["token_type"] = "Bearer", ["expires_in"] = 300, ["refresh_token"] = "refresh-1", ["id_token"] = WriteToken(nonce),
        }, TokenAnswer);
    }

    private static Task WriteAsync(HttpContext context, JsonObject document, Action<JsonObject> lie)
    {
        lie(document);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString());
    }
}
