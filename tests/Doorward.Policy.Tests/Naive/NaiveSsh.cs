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

    // The first word that names a type of key, and the word after it.
    private static string? Pair(string? line)
    {
        var words = (line ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i].StartsWith("ssh-", StringComparison.Ordinal) || words[i].StartsWith("ecdsa-", StringComparison.Ordinal) || words[i].StartsWith("sk-", StringComparison.Ordinal))
                return $"{words[i]} {words[i + 1]}";
        }

        return null;
    }
}
