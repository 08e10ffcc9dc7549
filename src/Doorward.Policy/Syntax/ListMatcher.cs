namespace Doorward.Policy.Syntax;

/// <summary>What a <see cref="ListTest"/> asks of a list.</summary>
public enum ListOperator
{
    /// <summary>At least one element matches <see cref="ListTest.Element"/>.</summary>
    Has,

    /// <summary>At least one of <see cref="ListTest.Operands"/> is an element; never, where there are none.</summary>
    HasAny,

    /// <summary>Every one of <see cref="ListTest.Operands"/> is an element; always, where there are none.</summary>
    HasAll,

    /// <summary>The list has exactly one element, and it matches <see cref="ListTest.Element"/>.</summary>
    Is,

    /// <summary>No element matches <see cref="ListTest.Element"/>.</summary>
    Exclude,
}

/// <summary>One question to a list.</summary>
/// <param name="Operator">What is asked.</param>
/// <param name="Element">What an element must be, for <see cref="ListOperator.Has"/>, <see cref="ListOperator.Is"/> and <see cref="ListOperator.Exclude"/>; else null.</param>
/// <param name="Operands">For <see cref="ListOperator.HasAny"/> and <see cref="ListOperator.HasAll"/>; else empty.</param>
public sealed record ListTest(ListOperator Operator, StringMatcher? Element, IReadOnlyList<string> Operands);

/// <summary>
/// Compares a list. A list that was delivered is known, even if empty: true where every test holds, else false. One that was not
/// delivered makes the criterion unknown.
/// </summary>
/// <param name="Tests">In the order of <see cref="ListOperator"/>, each operator at most once; never empty.</param>
public sealed record ListMatcher(IReadOnlyList<ListTest> Tests);
