namespace Doorward.Policy;

/// <summary>The certificate that the client showed.</summary>
public sealed class CertificateFacts
{
    /// <summary>SHA-256 of the certificate, lower-case hexadecimal without colons.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>SHA-256 of its public key information, base64.</summary>
    public string? SpkiHash { get; init; }

    /// <summary>Its e-mail names.</summary>
    public IReadOnlyList<string> SanEmail { get; init; } = [];

    /// <summary>Its DNS names.</summary>
    public IReadOnlyList<string> SanDns { get; init; } = [];

    /// <summary>Its URI names.</summary>
    public IReadOnlyList<string> SanUri { get; init; } = [];

    /// <summary>Whether it passed the checks that are configured (authority, depth, names, revocation).</summary>
    public bool Valid { get; init; }
}
