using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary><see cref="AuthenticatedUserCriterion"/>.</summary>
internal sealed class SignedInEvaluator() : Evaluator(Reason.UserOk, Reason.UserUnauthorized, aboutPerson: true)
{
    protected override Verdict Judge(in Known known) => Told(true);
}

/// <summary><see cref="DomainCriterion"/>.</summary>
internal sealed class DomainEvaluator(TextMatcher matcher) : Evaluator(Reason.DomainOk, Reason.DomainUnauthorized, aboutPerson: true)
{
    protected override Verdict Judge(in Known known) =>
        PersonFactsReader.Email(known, out var at) is { } email ? Told(matcher.Matches(email.AsSpan(at + 1))) : Absent;
}

/// <summary><see cref="GroupsCriterion"/>.</summary>
internal sealed class GroupsEvaluator(ListMatcher matcher) : Evaluator(Reason.GroupsOk, Reason.GroupsUnauthorized, aboutPerson: true)
{
    private readonly ListTests _tests = new(matcher);

    protected override Verdict Judge(in Known known) => known.Person?.GroupNames is { } groups ? Told(_tests.Holds(new ElementList(groups))) : Absent;
}

/// <summary><see cref="RiskCriterion"/>.</summary>
internal sealed class RiskEvaluator(RiskLevel under) : Evaluator(Reason.RiskOk, Reason.RiskUnauthorized, aboutPerson: true)
{
    protected override Verdict Judge(in Known known)
    {
        if (known.Risk is not { } risk) return Absent;
        if (risk.Person >= under || risk.Session >= under || risk.Device >= under) return Told(false);
        return (risk.Person ?? risk.Session ?? risk.Device) is null ? Absent : Told(true);
    }
}

/// <summary><see cref="RecordCriterion"/>: a record joined by address is known without a session.</summary>
internal sealed class RecordEvaluator(string type, string field, ValueMatcher matcher) : Evaluator(Reason.RecordOk, Reason.RecordUnauthorized, aboutPerson: false)
{
    private readonly ValueTests _tests = new(matcher);

    protected override Verdict Judge(in Known known)
    {
        if (known.Facts.Records is { } records && records.TryGetValue(type, out var record) && record.TryGetValue(field, out var value))
            return Told(_tests.Judge(value.Value));
        return known.Session is null ? Verdict.Unauthenticated : Absent;
    }
}

/// <summary>Where facts about a person are found.</summary>
internal static class PersonFactsReader
{
    /// <summary>The verified e-mail address and where its «@» is; null where there is none that counts.</summary>
    public static string? Email(in Known known, out int at)
    {
        at = 0;
        return known.Person is { EmailVerified: true, Email: { } email } && Emails.TrySplit(email, out at) ? email : null;
    }

    /// <summary>A function that finds a claim by its path.</summary>
    public static ValueFact Claim(string path)
    {
        var dotless = path.Replace('.', '/');
        return (in Known known) =>
        {
            if (known.Session is not { } session) return null;
            return session.Claims.TryGetValue(path, out var value) || session.Claims.TryGetValue(dotless, out value) ? value.Value : null;
        };
    }
}
