using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorward.Server.Identity.Tokens;

/// <summary>Writes a token signed with ES256 (RFC 7515 section 3.1).</summary>
internal static class SignedToken
{
    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="keyId">The header's <c>kid</c>.</param>
    /// <param name="claims">The claims as UTF-8 JSON.</param>
    /// <param name="key">A private key on P-256.</param>
    public static string Write(string type, string? keyId, ReadOnlySpan<byte> claims, ECDsa key)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = type };
        if (keyId is not null) header["kid"] = keyId;
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
