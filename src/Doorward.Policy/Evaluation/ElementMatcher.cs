using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>What one element of a list must be. It may go by several names: what is asked for may be any of them, what is excluded none.</summary>
internal sealed class ElementMatcher
{
    private readonly TextMatcher _any;
    private readonly TextMatcher _none;

    public ElementMatcher(IReadOnlyList<string> operands)
        : this(new StringMatcher([new StringTest(operands.Count == 1 ? StringOperator.Is : StringOperator.In, operands)]))
    {
    }

    public ElementMatcher(StringMatcher matcher)
    {
        _any = new TextMatcher(matcher.Tests.Where(test => !Excludes(test)));
        _none = new TextMatcher(matcher.Tests.Where(Excludes));
    }

    public bool Matches(in Element element) =>
        (_any.IsEmpty || _any.Matches(element.Id) || Some(element.Name) || Some(element.Email))
        && (_none.IsEmpty || (_none.Matches(element.Id) && NotExcluded(element.Name) && NotExcluded(element.Email)));

    private bool Some(string? name) => name is not null && _any.Matches(name);

    private bool NotExcluded(string? name) => name is null || _none.Matches(name);

    private static bool Excludes(StringTest test) => test.Operator is StringOperator.Not or StringOperator.NotIn;
}
