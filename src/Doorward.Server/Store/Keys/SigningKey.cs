using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Store.Keys;

/// <summary>An ES256 key. Safe to use from any thread.</summary>
internal sealed class SigningKey : Key
{
    private readonly byte[] _private;

    // An ECDsa may be used by one thread at a time, and importing one costs more than signing.
    private readonly ConcurrentBag<ECDsa> _idle = [];

    public SigningKey(string id, KeyTerm term, byte[] material)
        : base(id, term)
    {
        _private = material;
        var ecdsa = Import();
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        Public = new(id, Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        _idle.Add(ecdsa);
    }

    /// <summary>What everybody may know.</summary>
    public PublicKey Public { get; }

    /// <summary>The signature in the form of RFC 7518 section 3.4: R and S, 32 bytes each.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (!_idle.TryTake(out var ecdsa))
            ecdsa = Import();
        var signature = ecdsa.SignData(data, HashAlgorithmName.SHA256);
        _idle.Add(ecdsa);
        return signature;
    }

    /// <summary>A compact JWS (RFC 7515) over <paramref name="claims"/>. Every consumer of ours checks <paramref name="type"/>.</summary>
    public string SignToken(string type, ReadOnlySpan<byte> claims)
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{Id}}","typ":"{{type}}"}"""));
        var signed = $"{header}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var ecdsa = Import();
        return ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }

    /// <summary>A key pair, and its thumbprint (RFC 7638) as id.</summary>
    public static (string Id, byte[] Material) Generate()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        return (Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical))), ecdsa.ExportPkcs8PrivateKey());
    }

    private ECDsa Import()
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(_private, out _);
        return ecdsa;
    }
}

/// <summary>A public key on P-256 as RFC 7517 and 7518 write it.</summary>
internal sealed record PublicKey(string Id, string X, string Y);
