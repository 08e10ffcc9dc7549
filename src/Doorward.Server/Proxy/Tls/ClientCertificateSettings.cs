using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Doorward.Policy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Proxy.Tls;

internal enum SubjectNameKind
{
    Dns,
    Email,
    IpAddress,
    Uri,
    UserPrincipalName,
}

/// <param name="Pattern">Matches the whole name, in linear time.</param>
internal sealed record SubjectNameRule(SubjectNameKind Kind, Regex Pattern);

/// <summary>What is asked of client certificates on some hosts, read and ready.</summary>
internal sealed class ClientCertificateSettings
{
    public required Enforcement Enforcement { get; init; }

    public required X509Certificate2Collection Authorities { get; init; }

    /// <summary>Null where revocation is not checked. A list that could not be read is not null but empty: then nobody is valid.</summary>
    public IReadOnlyList<RevocationList>? RevocationLists { get; init; }

    public IReadOnlyList<SubjectNameRule> Names { get; init; } = [];

    public DeviceFrom Device { get; init; }

    /// <summary>1 is a certificate signed by an authority itself; 0 is no limit.</summary>
    public int MaxVerifyDepth { get; init; } = 1;

    /// <summary>The same for settings that say the same; connections of one may carry requests of the other.</summary>
    public required string Digest { get; init; }

    /// <summary>Null where no client is asked for a certificate. What cannot be read is a problem, and makes every certificate invalid.</summary>
    public static ClientCertificateSettings? Read(ClientCertificateOptions options, ICollection<Problem> problems, Place place)
    {
        if (options.Ca is null)
            return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(options.Ca.Value);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        if (authorities.Count == 0)
            problems.Add(new("DW5003", Severity.Error, "The authorities of client certificates cannot be read, so no client certificate is valid.", "Write certificates in PEM.", place));
        var lists = options.Crl is null ? null : RevocationList.ReadAll(options.Crl.Value, authorities);
        if (lists is { Count: 0 })
            problems.Add(new("DW5004", Severity.Error, "No revocation list can be read that one of the authorities signed, so no client certificate is valid.", "Write the authorities' lists in PEM.", place));
        return new()
        {
            Enforcement = options.Enforcement,
            Authorities = authorities,
            RevocationLists = lists,
            Names = [.. options.MatchSubjectAltNames.Select(RuleOf).OfType<SubjectNameRule>()],
            MaxVerifyDepth = options.MaxVerifyDepth,
            Device = options.Device,
            Digest = DigestOf(options),
        };
    }

    /// <summary>The device that a certificate names; null where it names none, or more than one.</summary>
    public string? DeviceOf(CertificateFacts certificate) => !certificate.Valid ? null : Device switch
    {
        DeviceFrom.Fingerprint => certificate.Fingerprint,
        DeviceFrom.Uri => Only(certificate.SanUri),
        DeviceFrom.Dns => Only(certificate.SanDns),
        DeviceFrom.Email => Only(certificate.SanEmail),
        _ => null,
    };

    private static string? Only(IReadOnlyList<string> names) => names is [{ Length: > 0 } name] ? name : null;

    private static SubjectNameRule? RuleOf(SubjectAltNameOptions name) => name switch
    {
        { Dns: { } dns } => Rule(SubjectNameKind.Dns, dns),
        { Email: { } email } => Rule(SubjectNameKind.Email, email),
        { IpAddress: { } address } => Rule(SubjectNameKind.IpAddress, address),
        { Uri: { } uri } => Rule(SubjectNameKind.Uri, uri),
        { UserPrincipalName: { } principal } => Rule(SubjectNameKind.UserPrincipalName, principal),
        _ => null,
    };

    private static SubjectNameRule Rule(SubjectNameKind kind, string pattern) =>
        new(kind, new Regex($"^(?:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));

    private static string DigestOf(ClientCertificateOptions options)
    {
        var text = string.Join('\0', options.Ca?.Value, options.Crl?.Value, options.Enforcement, options.Device, options.MaxVerifyDepth, string.Join('\0', options.MatchSubjectAltNames));
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
