using System.Text;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity.Tokens;

/// <summary>The controls of the lies: what must be believed, by an independent judge.</summary>
public sealed class JoseTests
{
    private const string Issuer = "https://idp.example.com";

    private static readonly ManualTime _time = new();

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task A_token_that_jose_signs_is_believed(string algorithm)
    {
        await using var jose = await Jose.StartAsync();
        var jwk = await jose.KeyAsync(algorithm, "k");
        var token = await jose.SignAsync("k", new { alg = algorithm }, Claims());
        Assert.Equal(TokenRefusal.None, await JudgeAsync(token, jwk));
    }

    [Fact]
    public async Task A_token_that_we_sign_is_believed_by_jose()
    {
        await using var jose = await Jose.StartAsync();
        var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        var jwks = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "ours", ["alg"] = "ES256",
                ["x"] = System.Buffers.Text.Base64Url.EncodeToString(point.X), ["y"] = System.Buffers.Text.Base64Url.EncodeToString(point.Y),
            }),
        };
        var token = SignedToken.Write("JWT", "ours", Encoding.UTF8.GetBytes(Claims().ToJsonString()), key);
        var options = new { issuer = Issuer, audience = "doorward", algorithms = new[] { "ES256" }, now = _time.GetUtcNow() };
        Assert.Equal("ada", (string?)(await jose.VerifyAsync(token, jwks, null, options))["sub"]);
        await Assert.ThrowsAsync<JoseRefusedException>(() => jose.VerifyAsync(token[..^3] + "AAA", jwks, null, options));
    }

    [Theory]
    [InlineData("typ", "JWT")]
    [InlineData("typ", "jwt")]
    [InlineData("typ", "application/JWT")]
    [InlineData("x5t", "abc")]
    public async Task A_header_that_providers_really_send_is_accepted(string name, string value)
    {
        await using var jose = await Jose.StartAsync();
        var jwk = await jose.KeyAsync("ES256", "k");
        var token = await jose.SignAsync("k", new Dictionary<string, string> { ["alg"] = "ES256", [name] = value }, Claims());
        Assert.Equal(TokenRefusal.None, await JudgeAsync(token, jwk));
    }

    [Fact]
    public async Task Claims_that_providers_really_send_are_accepted()
    {
        await using var jose = await Jose.StartAsync();
        var jwk = await jose.KeyAsync("ES256", "k");
        var claims = Claims();
        claims["aud"] = new JsonArray("doorward");
        claims["azp"] = "doorward";
        claims["exp"] = (long)claims["exp"]! + 0.5;
        claims["nbf"] = (long)claims["iat"]! + 59;
        claims["address"] = new JsonObject { ["locality"] = "London", ["name"] = "naïve ☃ \ud83d\ude00" };
        Assert.Equal(TokenRefusal.None, await JudgeAsync(await jose.SignAsync("k", new { alg = "ES256" }, claims), jwk));
    }

    private static JsonObject Claims() => new()
    {
        ["iss"] = Issuer, ["aud"] = "doorward", ["sub"] = "ada",
        ["iat"] = _time.GetUtcNow().ToUnixTimeSeconds(), ["exp"] = _time.GetUtcNow().ToUnixTimeSeconds() + 300,
    };

    private static async Task<TokenRefusal> JudgeAsync(string token, JsonObject jwk)
    {
        Assert.True(KeySet.TryParse(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) }.ToJsonString()), out var keys));
        var rules = new TokenRules { Types = TokenTypes.IdToken, Algorithms = TokenRules.AllAlgorithms, Issuer = new IssuerRule(Issuer), Audience = "doorward" };
        var verdict = await new TokenValidator(_time).ValidateAsync(
            token,
            rules,
            (header, _, _) => ValueTask.FromResult(new KeyLookup(keys.Find(header.KeyId, header.Algorithm, out var key) == TokenRefusal.None ? key : null, TokenRefusal.UnknownKey)),
            CancellationToken.None);
        return verdict.Refusal;
    }
}
