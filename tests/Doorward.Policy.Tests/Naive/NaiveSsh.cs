using System.Text.RegularExpressions;
using Doorward.Policy.Syntax;
using static Doorward.Policy.Tests.Naive.NaiveMatchers;

namespace Doorward.Policy.Tests.Naive;

internal static class NaiveSsh
{
    public static Verdict Judge(Criterion criterion, Facts facts, SessionFacts? session)
    {
        var ssh = facts.Ssh;
        return criterion switch
        {
            SshPublicKeyCriterion key => NaiveCriteria.Give(IsOneOf(key.Keys, ssh?.PublicKey), Reason.SshPublickeyOk, Reason.SshPublickeyUnauthorized),
            SshAuthorityCriterion authority => NaiveCriteria.Give(
                Min([IsOneOf(authority.Keys, ssh?.CertificateAuthority), Of(ssh is { Username: { } user, Principals: { } principals } ? principals.Contains(user) : null)]),
                Reason.SshPublickeyOk, Reason.SshPublickeyUnauthorized),
            SshUsernameCriterion name => NaiveCriteria.Give(NaiveCriteria.Text(name.Matcher, ssh?.Username), Reason.SshUsernameOk, Reason.SshUsernameUnauthorized),
            SshUsernameMatchesEmailCriterion => NaiveCriteria.Give(
                Of(ssh?.Username is { } user && NaiveEmail.Of(facts.Person) is { } address ? user == address.Local : null),
                Reason.SshUsernameOk, Reason.SshUsernameUnauthorized),
            SshUsernameMatchesClaimCriterion claim => NaiveCriteria.Give(
                Of(ssh?.Username is { } user && NaiveCriteria.ClaimOf(claim.Claim, session!) is { } value && AsList(value) is { } list ? list.Contains(user) : null),
                Reason.SshUsernameOk, Reason.SshUsernameUnauthorized),
            _ => throw new NotSupportedException($"The naive engine does not know {criterion.Key}."),
        };
    }

    private static Truth IsOneOf(IReadOnlyList<string> keys, string? shown) => Of(Pair(shown) is { } pair ? keys.Contains(pair) : null);

    // Options, in which quoted text may hold spaces, then the type, the key and a comment.
    private static string? Pair(string? line) =>
        Regex.Match(line ?? "", @"^[ \t]*(?:(?:""(?:\\""|[^""])*""|[^ \t""])+[ \t]+)?(?<type>(?:ssh-|ecdsa-sha2-|sk-ssh-|sk-ecdsa-)[^ \t""]*)[ \t]+(?<key>[^ \t]+)") is { Success: true } found
            ? $"{found.Groups["type"]} {found.Groups["key"]}"
            : null;
}
