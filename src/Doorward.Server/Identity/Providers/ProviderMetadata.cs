using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>What a provider says of itself (OpenID Connect Discovery section 3, RFC 8414), as far as we use it.</summary>
internal sealed record ProviderMetadata
{
    public required string Issuer { get; init; }

    public required Uri AuthorizationEndpoint { get; init; }

    public required Uri TokenEndpoint { get; init; }

    /// <summary>Null for a provider of plain OAuth 2, which signs nothing.</summary>
    public Uri? JwksUri { get; init; }

    public Uri? UserInfoEndpoint { get; init; }

    public Uri? EndSessionEndpoint { get; init; }

    public Uri? RevocationEndpoint { get; init; }

    /// <summary>Those of ours that it names; all of ours where it names none.</summary>
    public IReadOnlySet<string> SigningAlgorithms { get; init; } = TokenRules.AllAlgorithms;

    /// <summary>How it wants to know us; empty where it does not say.</summary>
    public IReadOnlyList<string> TokenEndpointAuthMethods { get; init; } = [];

    /// <summary>It promises <c>iss</c> in every authorization response (RFC 9207): one without it is refused.</summary>
    public bool PromisesIssuerInResponse { get; init; }

    /// <exception cref="ProviderFaultException">The document is not one, not this issuer's, or leads to insecure places.</exception>
    public static ProviderMetadata Parse(ReadOnlySpan<byte> json, string issuer, bool allowLocalHttp)
    {
        if (!StrictJson.TryObject(json, out var found)) throw Fault(ProviderFault.NotJson, "the discovery document is not one JSON object");
        var document = found.Value;
        var named = document.Text("issuer");
        if (named != issuer) throw Fault(ProviderFault.WrongIssuer, $"the discovery document is of '{named}', not of '{issuer}'");

        return new ProviderMetadata
        {
            Issuer = issuer,
            AuthorizationEndpoint = Required("authorization_endpoint"),
            TokenEndpoint = Required("token_endpoint"),
            JwksUri = Required("jwks_uri"),
            UserInfoEndpoint = Url("userinfo_endpoint"),
            EndSessionEndpoint = Url("end_session_endpoint"),
            RevocationEndpoint = Url("revocation_endpoint"),
            SigningAlgorithms = Algorithms(),
            TokenEndpointAuthMethods = document.Texts("token_endpoint_auth_methods_supported") ?? [],
            PromisesIssuerInResponse = document.TryGetProperty("authorization_response_iss_parameter_supported", out var promise)
                && promise.ValueKind == JsonValueKind.True,
        };

        Uri Required(string member) => Url(member) ?? throw Fault(ProviderFault.WrongContent, $"the discovery document names no {member}");

        Uri? Url(string member)
        {
            if (document.Text(member) is not { } text) return null;
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !Outbound.IsSecure(url, allowLocalHttp))
                throw Fault(ProviderFault.InsecureUrl, $"{member} must be an https URL without user name and fragment");
            return url;
        }

        IReadOnlySet<string> Algorithms()
        {
            const string member = "id_token_signing_alg_values_supported";
            return document.Texts(member) is { } names ? names.Where(TokenRules.AllAlgorithms.Contains).ToHashSet() : TokenRules.AllAlgorithms;
        }
    }

    private static ProviderFaultException Fault(ProviderFault fault, string detail) => new(ProviderStep.Discovery, fault, detail);
}
