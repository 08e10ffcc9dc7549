using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Proxy.Tls;

/// <summary>The signatures that revocation lists carry: RSA (PKCS #1) and ECDSA, over SHA-2. Others are not known, so their lists do not count.</summary>
internal static class CrlSignature
{
    public static bool IsBy(X509Certificate2 authority, string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        switch (algorithm)
        {
            case "1.2.840.113549.1.1.11" or "1.2.840.113549.1.1.12" or "1.2.840.113549.1.1.13":
                using (var rsa = authority.GetRSAPublicKey())
                    return rsa?.VerifyData(data, signature, HashOf(algorithm), RSASignaturePadding.Pkcs1) == true;
            case "1.2.840.10045.4.3.2" or "1.2.840.10045.4.3.3" or "1.2.840.10045.4.3.4":
                using (var ecdsa = authority.GetECDsaPublicKey())
                    return ecdsa?.VerifyData(data, signature, HashOf(algorithm), DSASignatureFormat.Rfc3279DerSequence) == true;
            default:
                return false;
        }
    }

    private static HashAlgorithmName HashOf(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}
