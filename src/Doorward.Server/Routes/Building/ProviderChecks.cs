using System.Buffers;
using System.Security.Cryptography;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Identity providers: names that can be part of ids, issuers that can be trusted, e-mail domains with one authority.</summary>
internal static class ProviderChecks
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly string[] ManyTenants = ["/common/", "/organizations/"];

    /// <summary>Those that can be used; in place of a wrong one the last good one of its name.</summary>
    public static IReadOnlyList<IdentityProviderOptions> Run(IEnumerable<Written<IdentityProviderOptions>> written, Configuration? previous, Findings findings)
    {
        var usable = new List<IdentityProviderOptions>();
        var authorities = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in written)
        {
            var errors = findings.Errors;
            if (!one.Value.Faulty) Check(one.Value, authorities, findings);
            var last = previous?.IdentityProviders.FirstOrDefault(provider => provider.Name == one.Name);
            var stays = one.Value.Faulty || findings.Errors != errors || (last is not null && SaysTheSame(last, one.Value));
            if ((stays ? last : one.Value) is { } provider) usable.Add(provider);
        }

        return usable;
    }

    // Whoever keeps connections and keys of a provider keeps them while this is the same object.
    private static bool SaysTheSame(IdentityProviderOptions one, IdentityProviderOptions another) =>
        NodeDigest.Of(one.Node, one.ClientSecret?.Value, one.Ca?.Value) == NodeDigest.Of(another.Node, another.ClientSecret?.Value, another.Ca?.Value);

    private static void Check(IdentityProviderOptions provider, Dictionary<string, string> authorities, Findings findings)
    {
        if (provider.Name.Length > 40 || provider.Name.AsSpan().ContainsAnyExcept(NameCharacters))
            findings.Error("DW2061", $"«{provider.Name}» cannot be a provider's name.", "Write lower-case letters, digits and dashes, 40 at most.", provider.At(nameof(provider.Name)));
        if (provider.Issuer is null && provider.Preset is not (ProviderPreset.Google or ProviderPreset.Github or ProviderPreset.Gitlab or ProviderPreset.Apple))
            findings.Error("DW2062", $"The identity provider «{provider.Name}» needs the key «issuer».", "Write it exactly as the provider's discovery document says.", provider.Place);
        if (provider.Issuer is { } issuer && !(issuer.Scheme == "https" || (issuer.Scheme == "http" && IsThisMachine(issuer.Host))))
            findings.Error("DW2062", $"The issuer of «{provider.Name}» is not an https address.", "Write https; http is taken on this machine only.", provider.At(nameof(provider.Issuer)));
        if (provider.ClientSecret is null && provider.Preset is ProviderPreset.Github)
            findings.Error("DW2063", $"The identity provider «{provider.Name}» needs the key «client_secret».", "Write «client_secret_file».", provider.Place);
        // Apple's secret is a token that we sign anew each time.
        if (provider.Preset is ProviderPreset.Apple && (provider.PrivateKey is null || provider.PrivateKeyId is null || provider.TeamId is null))
            findings.Error("DW2063", $"The identity provider «{provider.Name}» needs the keys «private_key», «private_key_id» and «team_id».", "Write «private_key_file» and both ids, as Apple shows them where the key was made.", provider.Place);
        if (provider.PrivateKey is { } key && !IsSigningKey(key.Value))
            findings.Error("DW2068", $"«private_key» of «{provider.Name}» is no key that we can sign with.", "Give a PKCS #8 key on the curve P-256, in PEM.", provider.At(nameof(provider.PrivateKey)));
        if (provider is { Preset: ProviderPreset.Entra, Tenants.Count: 0, Issuer: { } many } && ManyTenants.Any(name => many.AbsolutePath.StartsWith(name, StringComparison.Ordinal)))
            findings.Error("DW2067", $"The identity provider «{provider.Name}» would let the people of every tenant sign in.", "List the tenants' ids under «tenants», or write the issuer of one tenant.", provider.At(nameof(provider.Issuer)));
        if (provider.Ca is { } ca && !Certificates.IsAuthority(ca.Value))
            findings.Error("DW2065", $"«ca» of «{provider.Name}» holds no certificate.", "Put the authority's certificates there, in PEM.", provider.At(nameof(provider.Ca)));
        for (var i = 0; i < provider.Domains.Count; i++)
        {
            var place = provider.At(nameof(provider.Domains), i);
            if (HostName.Canonical(provider.Domains[i]) is not { } domain)
                findings.Error("DW2064", $"«{provider.Domains[i]}» is no e-mail domain.", "Write what stands after the @.", place);
            else if (!authorities.TryAdd(domain, provider.Name))
                findings.Error("DW2064", $"Two providers are authoritative for «{domain}»: «{authorities[domain]}» and «{provider.Name}».", "Keep it with one of them: the other could say anything about its people.", place);
        }

        for (var i = 0; i < provider.DomainHints.Count; i++)
            if (HostName.Canonical(provider.DomainHints[i]) is null)
                findings.Error("DW2064", $"«{provider.DomainHints[i]}» is no e-mail domain.", "Write what stands after the @.", provider.At(nameof(provider.DomainHints), i));
    }

    private static bool IsSigningKey(string pem)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true).D is not null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether the host is this machine, wherever that is asked (RFC 6761, 6.3).</summary>
    public static bool IsThisMachine(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
