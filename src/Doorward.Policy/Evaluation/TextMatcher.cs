using Doorward.Policy.Parsing;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>A compiled <see cref="StringMatcher"/>: all of its tests must hold.</summary>
internal sealed class TextMatcher
{
    private readonly TextTest[] _tests;
    private readonly Folding _folding;

    public TextMatcher(IEnumerable<StringTest> tests, Folding folding = Folding.None)
    {
        _folding = folding;
        _tests = [.. tests.Select(test => Compile(test, folding))];
    }

    public TextMatcher(StringMatcher matcher, Folding folding = Folding.None)
        : this(matcher.Tests, folding)
    {
    }

    public bool IsEmpty => _tests.Length == 0;

    /// <summary>Whether every test holds for a text.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        if (_folding == Folding.None) return All(text);
        var start = _folding.Start(text);
        return start == text.Length ? All(text) : AllFolded(text, start);
    }

    private bool AllFolded(ReadOnlySpan<char> text, int start)
    {
        var folded = text.Length <= FoldingExtensions.BufferLength ? stackalloc char[text.Length] : new char[text.Length];
        FoldingExtensions.CopyFolded(text, start, folded);
        return All(folded);
    }

    private bool All(ReadOnlySpan<char> text)
    {
        foreach (var test in _tests)
            if (!test.Holds(text)) return false;
        return true;
    }

    private static TextTest Compile(StringTest test, Folding folding)
    {
        var single = test.Operands.Count == 1 ? folding.Fold(test.Operands[0]) : "";
        return test.Operator switch
        {
            StringOperator.Is => new EqualTest(single, true),
            StringOperator.Not => new EqualTest(single, false),
            StringOperator.In => new SetTest([.. test.Operands.Select(operand => folding.Fold(operand))], true),
            StringOperator.NotIn => new SetTest([.. test.Operands.Select(operand => folding.Fold(operand))], false),
            StringOperator.StartsWith => new StartsWithTest(single),
            StringOperator.EndsWith => new EndsWithTest(folding == Folding.Domain && !single.Contains('@', StringComparison.Ordinal) ? Folding.All.Fold(single) : single),
            StringOperator.Contains when folding == Folding.Domain && !single.Contains('@', StringComparison.Ordinal) => new EmailContainsTest(single, Folding.All.Fold(single)),
            StringOperator.Contains => new ContainsTest(single),
            _ => new PatternTest(Patterns.Whole(test.Operands[0])),
        };
    }
}
