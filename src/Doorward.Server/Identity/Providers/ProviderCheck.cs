using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Doorward.Policy;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>Finds what is wrong with a provider's settings before it is used. Only settings without errors may be used.</summary>
internal static partial class ProviderCheck
{
    public static IEnumerable<Problem> Problems(ProviderSettings settings, Place place, bool allowLocalHttp)
    {
        if (!NamePattern().IsMatch(settings.Name))
            yield return Error("DW4001", $"The provider's name '{settings.Name}' cannot be part of a person's id.", "Use lower-case letters, digits and '-', at most 40.");
        if (!Preset.All.TryGetValue(settings.Preset, out var preset))
        {
            yield return Error("DW4002", $"There is no provider preset '{settings.Preset}'.", $"Use one of: {string.Join(", ", Preset.Names)}.");
            yield break;
        }

        var url = settings.Url ?? preset.Url;
        if (url is null)
            yield return Error("DW4003", $"The provider '{settings.Name}' has no url.", "Write its issuer, as its discovery document spells it.");
        else if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !Outbound.IsSecure(parsed, allowLocalHttp) || parsed.Query.Length > 0)
            yield return Error("DW4004", $"The url of the provider '{settings.Name}' is not one that secrets may travel to.", "Use https://, without user name, query and fragment.");
        else if (preset.Issuer(url).Contains(IssuerRule.Tenant, StringComparison.Ordinal) && settings.Tenants.Count == 0)
            yield return Error("DW4005", $"The provider '{settings.Name}' would let the people of every tenant sign in.", "List the tenants' ids under tenants, or use the url of one tenant.");

        if (settings.ClientId.Length == 0) yield return Error("DW4006", $"The provider '{settings.Name}' has no client_id.", "Write the id that the provider gave to Doorward.");
        if (NeedsKey(settings, preset) && !IsSigningKey(settings.PrivateKeyPem))
            yield return Error("DW4007", $"The provider '{settings.Name}' needs a private key.", "Give a PKCS #8 key on the curve P-256 as private_key_file.");
        if (preset.Secret is not null && (settings.TeamId is null || settings.PrivateKeyId is null))
            yield return Error("DW4008", $"The provider '{settings.Name}' needs team_id and private_key_id.", "Both are shown where the key was made.");
        if (preset.Name == Presets.GitHub.PresetName && settings.ClientSecret is null)
            yield return Error("DW4009", $"The provider '{settings.Name}' has no client secret.", "GitHub knows no client without one: write client_secret_file.");
        foreach (var algorithm in settings.Algorithms ?? [])
        {
            if (SigningAlgorithm.Find(algorithm) is null)
                yield return Error("DW4010", $"The provider '{settings.Name}' may not sign with '{algorithm}'.", $"Use one of: {string.Join(", ", SigningAlgorithm.Names.Order(StringComparer.Ordinal))}.");
        }

        if (settings.CaPem is { } pem && !IsCertificates(pem))
            yield return Error("DW4011", $"The ca of the provider '{settings.Name}' holds no certificate.", "Give a PEM file with at least one certificate.");
        if (settings.Concurrency is < 1 or > 1000)
            yield return Error("DW4012", $"The concurrency of the provider '{settings.Name}' is out of range.", "Use a number from 1 to 1000.");

        Problem Error(string id, string message, string cure) => new(id, Severity.Error, message, cure, place);
    }

    private static bool NeedsKey(ProviderSettings settings, Preset preset) =>
        preset.Secret is not null || settings.Authentication == ClientAuthentication.PrivateKey || settings.PrivateKeyPem is not null;

    private static bool IsSigningKey(string? pem)
    {
        if (pem is null) return false;
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

    private static bool IsCertificates(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
