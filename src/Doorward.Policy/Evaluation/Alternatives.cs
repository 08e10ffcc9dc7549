using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>
/// Joins criteria that ask the same fact to be one of some values: <c>or: [email: a, email: b]</c> is <c>or: [email: {in: [a, b]}]</c>, and so under <c>not</c>.
/// Truth, reasons and remedies stay the same, and ten thousand people named one by one cost one look-up.
/// </summary>
internal static class Alternatives
{
    public static IEnumerable<Criterion> Join(IReadOnlyList<Criterion> criteria)
    {
        var open = new Dictionary<string, (Criterion First, List<string> Operands)>();
        foreach (var criterion in criteria)
        {
            if (Operands(criterion) is not { } operands) yield return criterion;
            else if (open.TryGetValue(criterion.Key, out var joined)) joined.Operands.AddRange(operands);
            else open.Add(criterion.Key, (criterion, [.. operands]));
        }

        foreach (var (first, operands) in open.Values) yield return With(first, operands);
    }

    /// <summary>The values that a criterion asks its fact to be one of; null where it asks anything else.</summary>
    private static IReadOnlyList<string>? Operands(Criterion criterion) => criterion switch
    {
        UserCriterion user => Operands(user.Matcher),
        EmailCriterion email => Operands(email.Matcher),
        DomainCriterion domain => Operands(domain.Matcher),
        HttpMethodCriterion method => Operands(method.Matcher),
        HttpPathCriterion path => Operands(path.Matcher),
        HttpHostCriterion host => Operands(host.Matcher),
        GroupsCriterion groups => Operands(groups.Matcher),
        ClaimCriterion { Matcher: { List: { } list } matcher } when matcher with { List = null } == new ValueMatcher() => Operands(list),
        _ => null,
    };

    private static IReadOnlyList<string>? Operands(StringMatcher matcher) =>
        matcher.Tests is [{ Operator: StringOperator.Is or StringOperator.In } test] ? test.Operands : null;

    private static IReadOnlyList<string>? Operands(ListMatcher matcher) => matcher.Tests is not [var test] ? null : test.Operator switch
    {
        ListOperator.Has => Operands(test.Element!),
        ListOperator.HasAny => test.Operands,
        _ => null,
    };

    private static Criterion With(Criterion criterion, List<string> operands)
    {
        var one = operands.Count == 1 ? StringOperator.Is : StringOperator.In;
        var text = new StringMatcher([new StringTest(one, operands)]);
        var list = new ListMatcher([new ListTest(ListOperator.HasAny, null, operands)]);
        return criterion switch
        {
            UserCriterion user => user with { Matcher = text },
            EmailCriterion email => email with { Matcher = text },
            DomainCriterion domain => domain with { Matcher = text },
            HttpMethodCriterion method => method with { Matcher = text },
            HttpPathCriterion path => path with { Matcher = text },
            HttpHostCriterion host => host with { Matcher = text },
            GroupsCriterion groups => groups with { Matcher = list },
            ClaimCriterion claim => claim with { Matcher = new ValueMatcher { List = list } },
            _ => criterion,
        };
    }
}
