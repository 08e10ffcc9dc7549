using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>client_certificate</c>.</summary>
internal static class CertificateParser
{
    private const int Sha256Bytes = 32;

    public static Criterion? ClientCertificate(CriterionInput input)
    {
        if (DataParser.Fields(input, "fingerprint", "spki_hash", "san_email", "san_dns", "san_uri") is not { } fields) return null;
        return new ClientCertificateCriterion(
            fields["fingerprint"] is { } fingerprints ? Hashes(fingerprints, "«fingerprint»", Fingerprint, "Write the SHA-256 of the certificate as 64 hexadecimal digits.", input) : null,
            fields["spki_hash"] is { } keys ? Hashes(keys, "«spki_hash»", SpkiHash, "Write the SHA-256 of the public key information in base64, 44 characters.", input) : null,
            fields["san_email"] is { } email ? StringMatcherParser.Parse(email, "«san_email»", input.Findings) : null,
            fields["san_dns"] is { } dns ? StringMatcherParser.Parse(dns, "«san_dns»", input.Findings) : null,
            fields["san_uri"] is { } uri ? StringMatcherParser.Parse(uri, "«san_uri»", input.Findings) : null,
            input.Place);
    }

    private static List<string>? Hashes(Node node, string what, Func<string, string?> read, string cure, CriterionInput input)
    {
        var hashes = new List<string>();
        foreach (var text in DataParser.OneOrMore(node, what, input.Findings) ?? [])
        {
            if (read(text) is { } hash) hashes.Add(hash);
            else input.Findings.Error("DW1018", $"{Wording.Quote(text)} is no such hash.", cure, node.Place);
        }

        return hashes;
    }

    private static string? Fingerprint(string text)
    {
        var digits = text.Replace(":", "", StringComparison.Ordinal);
        var colons = text.Length - digits.Length;
        return digits.Length == Sha256Bytes * 2 && digits.All(char.IsAsciiHexDigit) && colons is 0 or Sha256Bytes - 1 ? digits.ToLowerInvariant() : null;
    }

    private static string? SpkiHash(string text)
    {
        Span<byte> hash = stackalloc byte[Sha256Bytes];
        return text.Length == 44 && Convert.TryFromBase64String(text, hash, out var length) && length == Sha256Bytes ? text : null;
    }
}
