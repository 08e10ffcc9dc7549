using System.Net;
using System.Security.Cryptography;
using Doorward.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>Publishes keys where Doorward does, and signs assertions with them: true ones and others.</summary>
internal sealed class AssertionIssuer : IAsyncDisposable
{
    public const string Audience = "app.door.localhost";

    private readonly WebApplication _app;
    private ECDsaSecurityKey _key = NewKey();

    private AssertionIssuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(http => http.Request.Path == Product.WellKnownPath + "/jwks.json"
            ? http.Response.WriteAsJsonAsync(new { keys = new[] { Public(_key) } })
            : Task.CompletedTask);
    }

    public string Issuer => _app.Urls.First();

    public static async Task<AssertionIssuer> StartAsync()
    {
        var issuer = new AssertionIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    public void Rotate() => _key = NewKey();

    public string Sign(params (string Name, object Value)[] changes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "u-3f9c1e", ["email"] = "ada@example.com", ["name"] = "Ada Lind",
            ["groups"] = new[] { "engineering", "sre" }, ["iat"] = now, ["exp"] = now + 300,
        };
        foreach (var (name, value) in changes) claims[name] = value;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new(_key, SecurityAlgorithms.EcdsaSha256) });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ECDsaSecurityKey NewKey() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    private static object Public(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", crv = "P-256", kid = key.KeyId, use = "sig", alg = "ES256", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
    }
}
