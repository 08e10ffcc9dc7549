using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>A key that a provider signs with, honestly or not.</summary>
internal sealed class LabKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private LabKey(string id, string algorithm, RSA? rsa, ECDsa? ec) => (Id, Algorithm, _rsa, _ec) = (id, algorithm, rsa, ec);

    // Making RSA keys is slow; these are shared by all tests.
    private static readonly RSA _shared = RSA.Create(2048), _other = RSA.Create(2048), _weak = RSA.Create(1024);

    public string Id { get; }

    public string Algorithm { get; }

    public static LabKey Rsa(string id = "rsa-1", string algorithm = "RS256") => new(id, algorithm, _shared, null);

    public static LabKey OtherRsa(string id = "rsa-2", string algorithm = "RS256") => new(id, algorithm, _other, null);

    public static LabKey WeakRsa(string id = "weak") => new(id, "RS256", _weak, null);

    public static LabKey Ec(string id = "ec-1", string algorithm = "ES256") => new(id, algorithm, null, ECDsa.Create(algorithm switch
    {
        "ES384" => ECCurve.NamedCurves.nistP384,
        "ES512" => ECCurve.NamedCurves.nistP521,
        _ => ECCurve.NamedCurves.nistP256,
    }));

    /// <summary>The public half, as it is published.</summary>
    public JsonObject Jwk()
    {
        var jwk = new JsonObject { ["kid"] = Id, ["use"] = "sig", ["alg"] = Algorithm };
        if (_rsa is not null)
        {
            var p = _rsa.ExportParameters(false);
            (jwk["kty"], jwk["n"], jwk["e"]) = ("RSA", Base64Url.EncodeToString(p.Modulus), Base64Url.EncodeToString(p.Exponent));
        }
        else
        {
            var p = _ec!.ExportParameters(false);
            (jwk["kty"], jwk["crv"]) = ("EC", $"P-{_ec.KeySize}");
            (jwk["x"], jwk["y"]) = (Base64Url.EncodeToString(p.Q.X), Base64Url.EncodeToString(p.Q.Y));
        }

        return jwk;
    }

    public string PublicPem() => _rsa?.ExportSubjectPublicKeyInfoPem() ?? _ec!.ExportSubjectPublicKeyInfoPem();

    public byte[] Sign(string text, string? algorithm = null)
    {
        var name = algorithm ?? Algorithm;
        var hash = name[2..] switch { "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        var bytes = Encoding.ASCII.GetBytes(text);
        if (_ec is not null) return _ec.SignData(bytes, hash);
        return _rsa!.SignData(bytes, hash, name.StartsWith('P') ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    public byte[] SignDer(string text) => _ec!.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
