using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Policy;

namespace Doorward.Server.Proxy.Tls;

/// <summary>What a check found, and until when it holds by itself.</summary>
internal sealed record CheckedCertificate(CertificateFacts Facts, DateTimeOffset ValidUntil);

/// <summary>Checks a client's certificate: authority, purpose, depth, times, revocation, names. What cannot be told is not valid.</summary>
internal static class ClientCertificateCheck
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static CheckedCertificate Check(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, ClientCertificateSettings settings, DateTimeOffset now)
    {
        var names = SubjectNames.Read(leaf);
        var validUntil = DateTimeOffset.MaxValue;
        var valid = names.AreReadable && Matches(names, settings.Names) && IsTrusted(leaf, intermediates, settings, now, ref validUntil);
        return new(
            new CertificateFacts
            {
                Fingerprint = Convert.ToHexStringLower(SHA256.HashData(leaf.RawData)),
                SpkiHash = Convert.ToBase64String(SHA256.HashData(leaf.PublicKey.ExportSubjectPublicKeyInfo())),
                SanDns = names.Of(SubjectNameKind.Dns),
                SanEmail = names.Of(SubjectNameKind.Email),
                SanUri = names.Of(SubjectNameKind.Uri),
                Valid = valid,
            },
            validUntil);
    }

    private static bool Matches(SubjectNames names, IReadOnlyList<SubjectNameRule> rules) =>
        rules.Count == 0 || rules.Any(rule => names.Of(rule.Kind).Any(name => rule.Pattern.IsMatch(name)));

    private static bool IsTrusted(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, ClientCertificateSettings settings, DateTimeOffset now, ref DateTimeOffset validUntil)
    {
        if (settings.Authorities.Count == 0)
            return false;
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // The lists are the operator's, and checked below: the platform would look for its own.
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = now.UtcDateTime,
                VerificationTimeIgnored = false,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(settings.Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        var trusted = chain.Build(leaf);
        try
        {
            if (!trusted || (settings.MaxVerifyDepth > 0 && chain.ChainElements.Count - 1 > settings.MaxVerifyDepth))
                return false;
            for (var i = 0; i < chain.ChainElements.Count; i++)
                validUntil = Earlier(validUntil, new DateTimeOffset(chain.ChainElements[i].Certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
            return settings.RevocationLists is null || IsUnrevoked(chain, settings.RevocationLists, now, ref validUntil);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }

    /// <summary>The leaf's issuer must have a current list; an intermediate's is looked at where there is one.</summary>
    private static bool IsUnrevoked(X509Chain chain, IReadOnlyList<RevocationList> lists, DateTimeOffset now, ref DateTimeOffset validUntil)
    {
        for (var i = 0; i < chain.ChainElements.Count - 1; i++)
        {
            var certificate = chain.ChainElements[i].Certificate;
            var listed = i == 0;
            var current = false;
            foreach (var list in lists.Where(list => list.Issuer.AsSpan().SequenceEqual(certificate.IssuerName.RawData)))
            {
                listed = true;
                if (list.Contains(certificate))
                    return false;
                if (!list.IsCurrent(now))
                    continue;
                current = true;
                validUntil = Earlier(validUntil, list.NextUpdate ?? now);
            }

            if (listed && !current)
                return false;
        }

        return true;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
