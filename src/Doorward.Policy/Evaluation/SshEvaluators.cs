using System.Collections.Frozen;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>SSH keys, found by their base64 text.</summary>
internal sealed class SshKeySet
{
    private readonly FrozenDictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _types;

    /// <param name="keys">Keys as <c>type base64</c>.</param>
    public SshKeySet(IEnumerable<string> keys) =>
        _types = keys.Select(key => key.Split(' ')).GroupBy(key => key[^1], key => key[0], StringComparer.Ordinal)
            .ToFrozenDictionary(key => key.Key, key => key.ToArray(), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the key in a line of authorized_keys is one of them; unknown where the line has none.</summary>
    public Truth Holds(string? line)
    {
        if (line is null || !SshKeys.TryFind(line, out var type, out var key)) return Truth.Unknown;
        if (!_types.TryGetValue(key, out var types)) return Truth.False;
        foreach (var named in types)
            if (type.SequenceEqual(named)) return Truth.True;
        return Truth.False;
    }
}

/// <summary><see cref="SshPublicKeyCriterion"/>.</summary>
internal sealed class SshPublicKeyEvaluator(IEnumerable<string> keys) : Evaluator(Reason.SshPublickeyOk, Reason.SshPublickeyUnauthorized, aboutPerson: false)
{
    private readonly SshKeySet _keys = new(keys);

    protected override Verdict Judge(in Known known) => Told(_keys.Holds(known.Facts.Ssh?.PublicKey));
}

/// <summary><see cref="SshAuthorityCriterion"/>.</summary>
internal sealed class SshAuthorityEvaluator(IEnumerable<string> keys) : Evaluator(Reason.SshPublickeyOk, Reason.SshPublickeyUnauthorized, aboutPerson: false)
{
    private readonly SshKeySet _keys = new(keys);

    protected override Verdict Judge(in Known known) =>
        known.Facts.Ssh is { } ssh ? Told(Kleene.And(_keys.Holds(ssh.CertificateAuthority), IsPrincipal(ssh))) : Absent;

    private static Truth IsPrincipal(SshFacts ssh)
    {
        if (ssh.Username is null || ssh.Principals is not { } principals) return Truth.Unknown;
        for (var i = 0; i < principals.Count; i++)
            if (principals[i] == ssh.Username) return Truth.True;
        return Truth.False;
    }
}

/// <summary><see cref="SshUsernameMatchesEmailCriterion"/>.</summary>
internal sealed class SshUsernameMatchesEmailEvaluator() : Evaluator(Reason.SshUsernameOk, Reason.SshUsernameUnauthorized, aboutPerson: true)
{
    protected override Verdict Judge(in Known known) =>
        known.Facts.Ssh?.Username is { } username && PersonFactsReader.Email(known, out var at) is { } email
            ? Told(email.AsSpan(0, at).SequenceEqual(username))
            : Absent;
}

/// <summary><see cref="SshUsernameMatchesClaimCriterion"/>.</summary>
internal sealed class SshUsernameMatchesClaimEvaluator(string claim) : Evaluator(Reason.SshUsernameOk, Reason.SshUsernameUnauthorized, aboutPerson: true)
{
    private readonly ValueFact _claim = PersonFactsReader.Claim(claim);

    protected override Verdict Judge(in Known known) =>
        known.Facts.Ssh?.Username is { } username && _claim(known) is { } value ? Told(ValueTests.Has(value, username)) : Absent;
}
