using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.DevIdp.People;
using Doorward.DevIdp.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Doorward.DevIdp.Telling;

/// <summary>Tells by security events (RFC 8417) that are pushed (RFC 8935), of the types of CAEP 1.0.</summary>
internal sealed class SignalSender(Listener listener, SigningKeys keys, IOptionsMonitor<OpenIddictServerOptions> provider, TimeProvider time)
{
    public const string MetadataPath = "/.well-known/ssf-configuration";

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";

    private static readonly string[] DeliveryMethods = ["urn:ietf:rfc:8935"];

    private string Issuer => provider.CurrentValue.Issuer!.AbsoluteUri;

    /// <summary>What a receiver needs to know to believe the events (Shared Signals Framework 1.0, section 7.1).</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(MetadataPath, () => Results.Json(new
    {
        spec_version = "1_0",
        issuer = Issuer,
        jwks_uri = new Uri(provider.CurrentValue.Issuer!, ProviderSetup.KeysPath).AbsoluteUri,
        delivery_methods_supported = DeliveryMethods,
        default_subjects = "ALL",
    }));

    public Task<int> ComplyAsync(Person person, bool? before, bool now, CancellationToken cancellation) => SendAsync(
        "device-compliance-change",
        new() { ["format"] = "complex", ["user"] = Subject(person), ["device"] = new JsonObject { ["format"] = "opaque", ["id"] = person.DeviceId } },
        // Required, and one of the two, even where nobody had told before (CAEP 1.0, section 3.5).
        new() { ["previous_status"] = Status(before ?? !now), ["current_status"] = Status(now), ["initiating_entity"] = "policy", ["reason_admin"] = new JsonObject { ["en"] = "The device's state was changed on the practice provider's page" } },
        cancellation);

    /// <summary>All of a person's sessions.</summary>
    public Task<int> RevokeAsync(Person person, CancellationToken cancellation) => SendAsync(
        "session-revoked", Subject(person), new() { ["initiating_entity"] = "admin", ["reason_admin"] = new JsonObject { ["en"] = "Ended on the practice provider's page" } }, cancellation);

    private async Task<int> SendAsync(string type, JsonObject subject, JsonObject told, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        told["event_timestamp"] = now;
        var token = Sign(new()
        {
            ["iss"] = Issuer,
            ["aud"] = listener.Audience,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["sub_id"] = subject,
            ["events"] = new JsonObject { [Caep + type] = told },
        });
        using var content = new StringContent(token, Encoding.ASCII);
        content.Headers.ContentType = new("application/secevent+jwt");
        using var answer = await listener.Http.PostAsync(listener.Signals, content, cancellation);
        answer.EnsureSuccessStatusCode();
        return (int)answer.StatusCode;
    }

    private string Sign(JsonObject claims)
    {
        var key = keys.All[0];
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "secevent+jwt", ["kid"] = key.KeyId };
        var input = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}";
        return $"{input}.{Base64UrlEncoder.Encode(key.Rsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private JsonObject Subject(Person person) => new() { ["format"] = "iss_sub", ["iss"] = Issuer, ["sub"] = person.Subject };

    private static string Status(bool compliant) => compliant ? "compliant" : "not-compliant";
}
