using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Proxy.Tls;

/// <summary>
/// A certificate revocation list (RFC 5280, 5) whose signature was checked. The platform only knows lists that it has fetched itself, so
/// this reads them:
/// <code>
/// CertificateList { tbsCertList { [version] signature issuer thisUpdate [nextUpdate] [revoked: { serial date [extensions] }...]
///                   [0 extensions] } signatureAlgorithm signatureValue }
/// </code>
/// </summary>
internal sealed class RevocationList
{
    // RFC 5280, 5.2.5 and 5.2.4: a list for a part of the certificates, or only of changes. Read as a whole one it would let some pass.
    private const string AuthorityKeyIdentifier = "2.5.29.35";
    private const string CrlNumber = "2.5.29.20";

    private readonly HashSet<BigInteger> _revoked;

    private RevocationList(byte[] issuer, DateTimeOffset thisUpdate, DateTimeOffset? nextUpdate, HashSet<BigInteger> revoked)
    {
        Issuer = issuer;
        ThisUpdate = thisUpdate;
        NextUpdate = nextUpdate;
        _revoked = revoked;
    }

    /// <summary>The issuer's name, DER.</summary>
    public byte[] Issuer { get; }

    public DateTimeOffset ThisUpdate { get; }

    /// <summary>After it the list says nothing any more; RFC 5280 demands one, and without it the list never counts.</summary>
    public DateTimeOffset? NextUpdate { get; }

    public bool IsCurrent(DateTimeOffset now) => ThisUpdate <= now && now < NextUpdate;

    public bool Contains(X509Certificate2 certificate) =>
        _revoked.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));

    /// <summary>The lists in PEM that one of the authorities signed; those that cannot be read, or that nobody known signed, are left out.</summary>
    public static IReadOnlyList<RevocationList> ReadAll(string pem, X509Certificate2Collection authorities)
    {
        var lists = new List<RevocationList>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label] is "X509 CRL" && Read(Convert.FromBase64String(rest[fields.Base64Data].ToString()), authorities) is { } list)
                lists.Add(list);
            rest = rest[fields.Location.End..];
        }

        return lists;
    }

    private static RevocationList? Read(byte[] der, X509Certificate2Collection authorities)
    {
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var signed = outer.PeekEncodedValue();
            var body = outer.ReadSequence();
            var algorithm = outer.ReadSequence().ReadObjectIdentifier();
            var signature = outer.ReadBitString(out _);
            var list = ReadBody(body);
            var signer = authorities.FirstOrDefault(authority =>
                authority.SubjectName.RawData.AsSpan().SequenceEqual(list?.Issuer) && CrlSignature.IsBy(authority, algorithm, signed.Span, signature));
            return signer is null ? null : list;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static RevocationList? ReadBody(AsnReader body)
    {
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            body.ReadInteger();
        body.ReadSequence();
        var issuer = body.ReadEncodedValue().ToArray();
        var thisUpdate = ReadTime(body);
        var nextUpdate = body.HasData && IsTime(body.PeekTag()) ? ReadTime(body) : (DateTimeOffset?)null;
        var revoked = new HashSet<BigInteger>();
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = body.ReadSequence(); entries.HasData;)
                revoked.Add(entries.ReadSequence().ReadInteger());
        }

        return HasUnknownCriticalExtension(body) ? null : new(issuer, thisUpdate, nextUpdate, revoked);
    }

    private static bool HasUnknownCriticalExtension(AsnReader body)
    {
        if (!body.HasData)
            return false;
        for (var extensions = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)).ReadSequence(); extensions.HasData;)
        {
            var extension = extensions.ReadSequence();
            var id = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            if (critical && id is not (AuthorityKeyIdentifier or CrlNumber))
                return true;
        }

        return false;
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
}
