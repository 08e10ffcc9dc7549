using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.Revocation.Site;

/// <summary>The identity provider of these people, and a transmitter of signals: it signs, and refuses refreshes at the moment that a trial wants.</summary>
internal sealed class Provider : IAsyncDisposable
{
    private const string KeyId = "bench";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, Refresh> _refreshes = [];
    private KestrelUpstream? _server;

    public string Issuer => $"http://localhost:{_server!.Port}";

    public string Keys => $"{Issuer}/keys";

    /// <summary>What a node asks about a person, once it asks.</summary>
    public Refresh RefreshOf(string subject) => _refreshes.GetOrAdd(subject, _ => new Refresh());

    public async Task StartAsync() => _server = await KestrelUpstream.StartAsync(AnswerAsync);

    /// <summary>A token of this type with these claims, beside who it is from, when and which one.</summary>
    public string Sign(string type, IDictionary<string, object> claims)
    {
        claims["iss"] = Issuer;
        claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        claims["jti"] = Guid.NewGuid().ToString("N");
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Claims = claims,
            SigningCredentials = new(new ECDsaSecurityKey(_key) { KeyId = KeyId }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _key.Dispose();
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => context.Response.WriteAsJsonAsync(new Dictionary<string, string>
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = $"{Issuer}/authorize", ["token_endpoint"] = $"{Issuer}/token", ["jwks_uri"] = Keys,
        }),
        "/keys" => context.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["keys"] = new[] { Key() } }),
        "/token" => RefuseAsync(context),
        _ => Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound),
    };

    private Dictionary<string, string> Key()
    {
        var point = _key.ExportParameters(false).Q;
        return new()
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = KeyId, ["use"] = "sig", ["alg"] = "ES256", ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    private async Task RefuseAsync(HttpContext context)
    {
        // These people's refresh tokens are their names.
        var subject = (await context.Request.ReadFormAsync()).TryGetValue("refresh_token", out var token) ? token.ToString() : "";
        await RefreshOf(subject).AskedAsync();
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsJsonAsync(new Dictionary<string, string> { ["error"] = "invalid_grant" }, JsonSerializerOptions.Default, context.RequestAborted);
    }
}

/// <summary>A node asks the provider whether it still vouches for somebody, and waits.</summary>
internal sealed class Refresh
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => _asked.Task;

    public void Refuse() => _answer.TrySetResult();

    public Task AskedAsync()
    {
        _asked.TrySetResult();
        return _answer.Task;
    }
}
