using System.Text.Json;
using Doorward.Server;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.Demo.Sample;

/// <summary>Who an app thinks somebody is: nobody, somebody with claims, or somebody whose proof is not to be believed.</summary>
internal sealed record Visitor(string Verdict, string? Why, JsonElement? Claims);

/// <summary>
/// What every app behind Doorward does with the assertion, and should: check its signature against Doorward's published keys, its
/// issuer, its audience and its time, and believe no other header.
/// </summary>
internal sealed class AssertionCheck : IDisposable
{
    public const string Header = Product.HeaderPrefix + "Assertion";

    /// <summary>An unknown key makes us look for new ones, but not for every forged token.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private readonly string _issuer;
    private readonly IReadOnlyList<string> _audiences;
    private readonly Uri _keysUrl;
    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private JsonWebKeySet _keys = new();
    private DateTimeOffset _looked;

    /// <param name="door">Doorward's address: the issuer.</param>
    /// <param name="hosts">This app's public hosts: the audiences.</param>
    /// <param name="client">Reaches Doorward.</param>
    /// <param name="time">The clock.</param>
    public AssertionCheck(Uri door, IReadOnlyList<string> hosts, HttpClient client, TimeProvider time)
    {
        _issuer = door.GetLeftPart(UriPartial.Authority);
        _audiences = [.. hosts, .. hosts.Select(host => $"{host}:{door.Port}")];
        _keysUrl = new(door, Product.WellKnownPath + "/jwks.json");
        _time = time;
        _client = client;
    }

    public async Task<Visitor> CheckAsync(string? assertion, CancellationToken cancellation)
    {
        if (assertion is null) return new("nobody", "The request brought no assertion.", null);
        var checkedToken = await ValidateAsync(assertion);
        if (checkedToken.Exception is SecurityTokenSignatureKeyNotFoundException && await LookForKeysAsync(cancellation)) checkedToken = await ValidateAsync(assertion);
        if (!checkedToken.IsValid) return new("not believed", checkedToken.Exception.GetType().Name, null);
        return new("verified", null, JsonElement.Parse(Base64UrlEncoder.DecodeBytes(((JsonWebToken)checkedToken.SecurityToken).EncodedPayload)));
    }

    public void Dispose() => _client.Dispose();

    private Task<TokenValidationResult> ValidateAsync(string assertion) => new JsonWebTokenHandler().ValidateTokenAsync(assertion, new()
    {
        ValidIssuer = _issuer,
        ValidAudiences = _audiences,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKeys = _keys.Keys,
        TryAllIssuerSigningKeys = false,
        ClockSkew = TimeSpan.FromSeconds(30),
        LifetimeValidator = (notBefore, expires, _, rules) =>
            _time.GetUtcNow().UtcDateTime is var now && expires + rules.ClockSkew > now && !(notBefore > now + rules.ClockSkew),
    });

    private async Task<bool> LookForKeysAsync(CancellationToken cancellation)
    {
        if (_time.GetUtcNow() - _looked < LookAgainAfter) return false;
        _looked = _time.GetUtcNow();
        try
        {
            _keys = new(await _client.GetStringAsync(_keysUrl, cancellation));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
