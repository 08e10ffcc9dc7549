namespace Doorward.Policy.Syntax;

/// <summary><c>ssh_publickey</c>: the SSH key shown is one of those named.</summary>
/// <remarks>
/// Keys are compared by type and base64 text; options before and the comment after them do not count. A fact in which no such pair is found is
/// absent. Reasons <see cref="Reason.SshPublickeyOk"/> and <see cref="Reason.SshPublickeyUnauthorized"/>.
/// </remarks>
/// <param name="Keys">The keys, each as <c>type base64</c>.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record SshPublicKeyCriterion(IReadOnlyList<string> Keys, Place Place) : Criterion("ssh_publickey", FactKinds.Ssh, Place);

/// <summary><c>ssh_ca</c>: the SSH certificate shown was signed by one of the authorities named, for the user name asked for.</summary>
/// <remarks>
/// Kleene's «and» of: <see cref="SshFacts.CertificateAuthority"/> is one of <see cref="Keys"/>, compared as
/// <see cref="SshPublicKeyCriterion"/> does, absent where null; <see cref="SshFacts.Username"/> is, exactly, one of <see cref="SshFacts.Principals"/>, absent where
/// either is null. Reasons <see cref="Reason.SshPublickeyOk"/> and <see cref="Reason.SshPublickeyUnauthorized"/>.
/// </remarks>
/// <param name="Keys">The authorities' keys, each as <c>type base64</c>.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record SshAuthorityCriterion(IReadOnlyList<string> Keys, Place Place) : Criterion("ssh_ca", FactKinds.Ssh, Place);

/// <summary><c>ssh_username</c>: matches <see cref="SshFacts.Username"/>.</summary>
/// <remarks>Reasons <see cref="Reason.SshUsernameOk"/> and <see cref="Reason.SshUsernameUnauthorized"/>.</remarks>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record SshUsernameCriterion(StringMatcher Matcher, Place Place) : Criterion("ssh_username", FactKinds.Ssh, Place);

/// <summary><c>ssh_username_matches_email</c>: the SSH user name is what stands before the «@» of the e-mail address. About a person.</summary>
/// <remarks>
/// Absent where the user name is, or where <see cref="EmailCriterion"/> calls the address absent; compared exactly.
/// Reasons <see cref="Reason.SshUsernameOk"/> and <see cref="Reason.SshUsernameUnauthorized"/>.
/// </remarks>
/// <param name="Place">Where its name is written.</param>
public sealed record SshUsernameMatchesEmailCriterion(Place Place) : Criterion("ssh_username_matches_email", FactKinds.Session | FactKinds.Person | FactKinds.Ssh, Place);

/// <summary><c>ssh_username_matches_claim</c>: the SSH user name is in a claim. About a person.</summary>
/// <remarks>
/// The claim, found as <see cref="ClaimCriterion"/> does and seen as a list as <see cref="ValueMatcher.List"/> does, has the user
/// name as an element, exactly. Absent where the user name or the claim is, or the claim is an instant. Reasons <see cref="Reason.SshUsernameOk"/> and
/// <see cref="Reason.SshUsernameUnauthorized"/>.
/// </remarks>
/// <param name="Claim">The claim's name.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record SshUsernameMatchesClaimCriterion(string Claim, Place Place) : Criterion("ssh_username_matches_claim", FactKinds.Session | FactKinds.Claims | FactKinds.Ssh, Place);
