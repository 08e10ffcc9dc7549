using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Audit.Checkpoints;

/// <summary>
/// Where every chain stood at an instant, signed with a key that signs nothing else, and kept where whoever holds the store cannot
/// change it. Whatever is changed, taken away or written anew before that point shows against it.
/// </summary>
internal sealed record Checkpoint(DateTimeOffset At, string By, IReadOnlyList<ChainPoint> Points)
{
    /// <summary>Of the JWS: a token of ours for another purpose is no checkpoint.</summary>
    public const string Type = "doorward-checkpoint+jwt";

    /// <summary>One line: the compact JWS (RFC 7515), and the public key that verifies it.</summary>
    public string ToLine(SigningKey key)
    {
        var signed = key.SignToken(Type, Payload());
        return $$$"""{"checkpoint":"{{{signed}}}","key":{"kty":"EC","crv":"P-256","kid":"{{{key.Public.Id}}}","x":"{{{key.Public.X}}}","y":"{{{key.Public.Y}}}"}}""";
    }

    /// <summary>Reads a line of a checkpoint file.</summary>
    /// <param name="line">The line.</param>
    /// <param name="keys">The ids of the keys that are believed; null for whichever the line names, which then is only told.</param>
    /// <param name="keyId">The key that signed it.</param>
    /// <returns>Null where it is no checkpoint, or its signature is not good.</returns>
    public static Checkpoint? Read(string line, IReadOnlySet<string>? keys, out string? keyId)
    {
        keyId = null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var (jws, key) = (json.RootElement.GetProperty("checkpoint").GetString()!, json.RootElement.GetProperty("key"));
            if (jws.Split('.') is not [var header, var payload, var signature]) return null;
            using var protectedHeader = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            var (x, y) = (key.GetProperty("x").GetString()!, key.GetProperty("y").GetString()!);
            keyId = Thumbprint(x, y);
            if (protectedHeader.RootElement.GetProperty("typ").GetString() != Type || protectedHeader.RootElement.GetProperty("alg").GetString() != "ES256") return null;
            if (protectedHeader.RootElement.GetProperty("kid").GetString() != keyId || keys?.Contains(keyId) == false) return null;
            using var ecdsa = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
            });
            return ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256)
                ? Of(Base64Url.DecodeFromChars(payload))
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static Checkpoint Of(byte[] payload)
    {
        using var json = JsonDocument.Parse(payload);
        var root = json.RootElement;
        return new(
            DateTimeOffset.Parse(root.GetProperty("at").GetString()!, CultureInfo.InvariantCulture),
            root.GetProperty("by").GetString()!,
            [.. root.GetProperty("chains").EnumerateArray().Select(chain => new ChainPoint(
                chain.GetProperty("node").GetString()!, chain.GetProperty("sequence").GetInt64(), new(Convert.FromHexString(chain.GetProperty("chain").GetString()!))))]);
    }

    /// <summary>RFC 7638.</summary>
    private static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));

    private byte[] Payload()
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("at", At.UtcDateTime);
            json.WriteString("by", By);
            json.WriteStartArray("chains");
            foreach (var point in Points)
            {
                json.WriteStartObject();
                json.WriteString("node", point.Node);
                json.WriteNumber("sequence", point.Sequence);
                json.WriteString("chain", point.Chain.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
