using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Proxy.Tls;

/// <summary>The names in a certificate's subject alternative name extension (RFC 5280, 4.2.1.6).</summary>
internal sealed class SubjectNames
{
    private const string UserPrincipalName = "1.3.6.1.4.1.311.20.2.3";
    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IpAddress = new(TagClass.ContextSpecific, 7);

    private readonly List<(SubjectNameKind Kind, string Name)> _names = [];

    /// <summary>False where a name cannot be read, or hides a control character (a NUL that would cut it short elsewhere): then no name counts.</summary>
    public bool AreReadable { get; private set; } = true;

    public IReadOnlyList<string> Of(SubjectNameKind kind) => [.. _names.Where(name => name.Kind == kind).Select(name => name.Name)];

    public static SubjectNames Read(X509Certificate2 certificate)
    {
        var names = new SubjectNames();
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == "2.5.29.17"))
            {
                for (var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence(); reader.HasData;)
                    names.ReadName(reader);
            }
        }
        catch (AsnContentException)
        {
            names.AreReadable = false;
        }

        if (!names.AreReadable)
            names._names.Clear();
        return names;
    }

    private void ReadName(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.HasSameClassAndValue(Rfc822Name))
            Add(SubjectNameKind.Email, reader.ReadCharacterString(UniversalTagNumber.IA5String, Rfc822Name));
        else if (tag.HasSameClassAndValue(DnsName))
            Add(SubjectNameKind.Dns, reader.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
        else if (tag.HasSameClassAndValue(UriName))
            Add(SubjectNameKind.Uri, reader.ReadCharacterString(UniversalTagNumber.IA5String, UriName));
        else if (tag.HasSameClassAndValue(IpAddress))
            AddAddress(reader.ReadOctetString(IpAddress));
        else if (tag.HasSameClassAndValue(OtherName))
            ReadOther(reader.ReadSequence(OtherName));
        else
            reader.ReadEncodedValue();
    }

    private void ReadOther(AsnReader other)
    {
        if (other.ReadObjectIdentifier() != UserPrincipalName)
            return;
        var value = other.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true));
        Add(SubjectNameKind.UserPrincipalName, value.ReadCharacterString(UniversalTagNumber.UTF8String));
    }

    private void AddAddress(byte[] bytes)
    {
        if (bytes.Length is 4 or 16)
            Add(SubjectNameKind.IpAddress, new IPAddress(bytes).ToString());
        else
            AreReadable = false;
    }

    private void Add(SubjectNameKind kind, string name)
    {
        AreReadable &= !name.Any(char.IsControl);
        _names.Add((kind, name));
    }
}
