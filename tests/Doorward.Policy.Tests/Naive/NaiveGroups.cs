using Doorward.Policy.Syntax;
using static Doorward.Policy.Tests.Naive.NaiveMatchers;

namespace Doorward.Policy.Tests.Naive;

/// <summary>A group goes by up to three names.</summary>
internal static class NaiveGroups
{
    public static bool Matches(ListMatcher matcher, IReadOnlyList<GroupFact> groups) => NaiveMatchers.Matches(matcher, groups, MatchesElement, (operand, group) => NamesOf(group).Contains(operand));

    private static bool MatchesElement(StringMatcher element, GroupFact group) =>
        NamesOf(group).Any(name => element.Tests.Where(test => !Negates(test)).All(test => Passes(test, name)))
        && NamesOf(group).All(name => element.Tests.Where(Negates).All(test => Passes(test, name)));

    private static bool Negates(StringTest test) => test.Operator is StringOperator.Not or StringOperator.NotIn;

    private static IEnumerable<string> NamesOf(GroupFact group) => new[] { group.Id, group.Name, group.Email }.OfType<string>();
}
