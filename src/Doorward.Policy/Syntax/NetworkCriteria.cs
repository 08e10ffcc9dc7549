using System.Net;

namespace Doorward.Policy.Syntax;

/// <summary><c>source_ip</c>: the client's address is in one of the networks.</summary>
/// <remarks>
/// A v4-mapped v6 address is seen as the v4 address; a v6 network holds no v4 address. An empty list is false.
/// Reasons <see cref="Reason.SourceIpOk"/> and <see cref="Reason.SourceIpUnauthorized"/>.
/// </remarks>
/// <param name="Networks">The networks, with host bits cleared; those written as v4-mapped v6 as v4.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record SourceIpCriterion(IReadOnlyList<IPNetwork> Networks, Place Place) : Criterion("source_ip", FactKinds.Address, Place);

/// <summary><c>client_certificate</c>: which certificate the client showed.</summary>
/// <remarks>
/// Absent where none was shown. Otherwise Kleene's «and» of the parts that are not null: the fingerprint is one of
/// <see cref="Fingerprints"/>; the hash of the key, absent where null, is one of <see cref="SpkiHashes"/>; at least one e-mail, DNS or URI name passes
/// <see cref="SanEmail"/>, <see cref="SanDns"/> or <see cref="SanUri"/>. Names of a certificate that is not <see cref="CertificateFacts.Valid"/> are
/// absent, because anyone can write any name into a certificate; fingerprint and key count all the same. Reasons
/// <see cref="Reason.ClientCertificateOk"/> and <see cref="Reason.ClientCertificateUnauthorized"/>.
/// </remarks>
/// <param name="Fingerprints">SHA-256 in lower-case hexadecimal without colons; any where null.</param>
/// <param name="SpkiHashes">SHA-256 of the public key information in base64; any where null.</param>
/// <param name="SanEmail">What an e-mail name must be; any where null.</param>
/// <param name="SanDns">What a DNS name must be; any where null.</param>
/// <param name="SanUri">What a URI name must be; any where null.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record ClientCertificateCriterion(
    IReadOnlyList<string>? Fingerprints,
    IReadOnlyList<string>? SpkiHashes,
    StringMatcher? SanEmail,
    StringMatcher? SanDns,
    StringMatcher? SanUri,
    Place Place) : Criterion("client_certificate", FactKinds.Certificate, Place);

/// <summary><c>invalid_client_certificate</c>.</summary>
/// <remarks>
/// True where none was shown (<see cref="Reason.ClientCertificateRequired"/>) or it is not valid
/// (<see cref="Reason.InvalidClientCertificate"/>); else false (<see cref="Reason.ValidClientCertificate"/>). Never unknown.
/// </remarks>
/// <param name="Place">Where its name is written.</param>
public sealed record InvalidClientCertificateCriterion(Place Place) : Criterion("invalid_client_certificate", FactKinds.Certificate, Place);
