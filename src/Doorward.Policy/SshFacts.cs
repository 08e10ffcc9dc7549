namespace Doorward.Policy;

/// <summary>An SSH sign-in.</summary>
/// <param name="Username">The user name asked for.</param>
/// <param name="PublicKey">The key shown, as in authorized_keys.</param>
/// <param name="CertificateAuthority">The authority that signed the certificate shown, as in authorized_keys; null for none.</param>
/// <param name="Principals">The certificate's principals.</param>
public sealed record SshFacts(string? Username, string? PublicKey, string? CertificateAuthority = null, IReadOnlyList<string>? Principals = null);
