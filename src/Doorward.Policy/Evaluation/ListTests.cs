using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>A compiled <see cref="ListMatcher"/>: all of its tests must hold.</summary>
internal sealed class ListTests
{
    private readonly ElementTest[] _tests;

    public ListTests(ListMatcher matcher) => _tests = [.. matcher.Tests.Select(Compile)];

    public bool Holds(in ElementList list)
    {
        foreach (var test in _tests)
            if (!test.Holds(list)) return false;
        return true;
    }

    private static ElementTest Compile(ListTest test) => test.Operator switch
    {
        ListOperator.Has when test.Element!.Tests is [{ Operator: StringOperator.Is or StringOperator.In } names] => new HasNameTest(names.Operands),
        ListOperator.HasAny => new HasNameTest(test.Operands),
        ListOperator.HasAll => new HasAllTest(test.Operands),
        ListOperator.Is => new OnlyTest(new ElementMatcher(test.Element!)),
        _ => new HasTest(new ElementMatcher(test.Element!), test.Operator == ListOperator.Has),
    };
}

/// <summary>One question to a list.</summary>
internal abstract class ElementTest
{
    public abstract bool Holds(in ElementList list);
}

/// <summary>Some element matches; or, where not expected, none does.</summary>
internal sealed class HasTest(ElementMatcher element, bool expected) : ElementTest
{
    public override bool Holds(in ElementList list)
    {
        for (var i = 0; i < list.Count; i++)
            if (element.Matches(list[i])) return expected;
        return !expected;
    }
}

/// <summary>Some element is one of the operands: what nearly every policy asks of groups.</summary>
internal sealed class HasNameTest(IReadOnlyList<string> operands) : ElementTest
{
    private readonly TextSet _operands = new(operands);

    public override bool Holds(in ElementList list)
    {
        if (list.Groups is { } groups) return groups.HasAny(_operands);
        for (var i = 0; i < list.Count; i++)
            if (_operands.Contains(list[i].Id)) return true;
        return false;
    }
}

/// <summary>There is one element, and it matches.</summary>
internal sealed class OnlyTest(ElementMatcher element) : ElementTest
{
    public override bool Holds(in ElementList list) => list.Count == 1 && element.Matches(list[0]);
}

/// <summary>Every operand is an element.</summary>
internal sealed class HasAllTest(IEnumerable<string> operands) : ElementTest
{
    private readonly (string Text, int Hash)[] _operands = [.. operands.Distinct(StringComparer.Ordinal).Select(operand => (operand, TextSet.Hash(operand)))];

    public override bool Holds(in ElementList list)
    {
        // An element has at most three names: more operands than that cannot all be there, and need not be looked for.
        if (_operands.Length > 3L * list.Count) return false;
        foreach (var (text, hash) in _operands)
            if (!Has(list, text, hash)) return false;
        return true;
    }

    private static bool Has(in ElementList list, string operand, int hash)
    {
        if (list.Groups is { } groups) return groups.Has(operand, hash);
        for (var i = 0; i < list.Count; i++)
            if (list[i].Id.SequenceEqual(operand)) return true;
        return false;
    }
}
