using System.Text.Json;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Signals;

/// <summary>What a transmitter says of itself (Shared Signals Framework 1.0 section 7.1), as far as we use it.</summary>
/// <param name="Jwks">Where its keys are.</param>
/// <param name="Verification">Where it is asked for a verification event; null where it cannot be.</param>
internal sealed record TransmitterMetadata(Uri? Jwks, Uri? Verification)
{
    private const string WellKnown = "/.well-known/ssf-configuration";

    /// <summary>The well-known path stands between host and path of the issuer (section 7.2).</summary>
    public static Uri UrlOf(Uri issuer) => new(issuer.GetLeftPart(UriPartial.Authority) + WellKnown + issuer.AbsolutePath.TrimEnd('/'));

    /// <exception cref="ProviderFaultException">The document is not one, not this issuer's, or leads to insecure places.</exception>
    public static TransmitterMetadata Parse(ReadOnlySpan<byte> json, string issuer, bool allowLocalHttp)
    {
        if (!StrictJson.TryObject(json, out var found)) throw Fault(ProviderFault.NotJson, "the transmitter's metadata is not one JSON object");
        if (found.Value.Text("issuer") != issuer) throw Fault(ProviderFault.WrongIssuer, $"the metadata is of '{found.Value.Text("issuer")}', not of '{issuer}'");
        return new(Url(found.Value, "jwks_uri"), Url(found.Value, "verification_endpoint"));

        Uri? Url(JsonElement document, string member)
        {
            if (document.Text(member) is not { } text) return null;
            return Uri.TryCreate(text, UriKind.Absolute, out var url) && Outbound.IsSecure(url, allowLocalHttp)
                ? url
                : throw Fault(ProviderFault.InsecureUrl, $"{member} must be an https URL without user name and fragment");
        }
    }

    public static ProviderFaultException Fault(ProviderFault fault, string detail) => new(ProviderStep.Discovery, fault, detail);
}
