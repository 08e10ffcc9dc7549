using System.Collections.Frozen;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>Finds the names that criteria mention.</summary>
internal static class NamesRead
{
    public static FactNames Of(IReadOnlyCollection<Criterion> criteria)
    {
        var groups = criteria.OfType<GroupsCriterion>().SelectMany(criterion => criterion.Matcher.Tests).ToList();
        return new FactNames
        {
            WholeGroups = groups.Any(ReadsAll),
            Groups = groups.SelectMany(test => test.Element?.Tests.SelectMany(element => element.Operands) ?? test.Operands).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Claims = Names(criteria.SelectMany(ClaimPaths).SelectMany(path => new[] { path, path.Replace('.', '/') })),
            PersonAttributes = Names(criteria.OfType<PersonCriterion>().Select(criterion => criterion.Attribute)),
            DeviceAttributes = Names(criteria.OfType<DeviceAttributeCriterion>().Select(criterion => criterion.Attribute)),
            Headers = Names(criteria.SelectMany(HeaderNames)),
            QueryParameters = Names(criteria.OfType<HttpQueryCriterion>().Select(criterion => criterion.Name)),
            Records = Names(criteria.OfType<RecordCriterion>().Select(criterion => criterion.Type)),
        };
    }

    /// <summary>Whether a test looks at groups that it does not name: it counts them, or compares them otherwise than by being the same.</summary>
    private static bool ReadsAll(ListTest test) =>
        test.Operator == ListOperator.Is || (test.Element is { } element && element.Tests.Any(part => part.Operator is not (StringOperator.Is or StringOperator.In)));

    private static IEnumerable<string> ClaimPaths(Criterion criterion) => criterion switch
    {
        ClaimCriterion claim => [claim.Path],
        SshUsernameMatchesClaimCriterion username => [username.Claim],
        _ => [],
    };

    private static IEnumerable<string> HeaderNames(Criterion criterion) => criterion switch
    {
        HttpHeaderCriterion header => [header.Name],
        CorsPreflightCriterion => CorsPreflightEvaluator.Headers,
        _ => [],
    };

    private static string[] Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal)];
}
