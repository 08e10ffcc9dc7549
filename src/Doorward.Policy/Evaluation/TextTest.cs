using System.Text.RegularExpressions;

namespace Doorward.Policy.Evaluation;

/// <summary>One comparison of a text that is folded already.</summary>
internal abstract class TextTest
{
    public abstract bool Holds(ReadOnlySpan<char> text);
}

/// <summary>Is one text, or is not.</summary>
internal sealed class EqualTest(string operand, bool expected) : TextTest
{
    public override bool Holds(ReadOnlySpan<char> text) => text.SequenceEqual(operand) == expected;
}

/// <summary>Is one of a set, or is none of them; ten thousand cost as much as ten.</summary>
internal sealed class SetTest(IReadOnlyList<string> operands, bool expected) : TextTest
{
    private readonly TextSet _operands = new(operands);

    public override bool Holds(ReadOnlySpan<char> text) => _operands.Contains(text) == expected;
}

/// <summary>Holds, starts with or ends with a text.</summary>
internal sealed class ContainsTest(string operand) : TextTest
{
    public override bool Holds(ReadOnlySpan<char> text) => text.IndexOf(operand) >= 0;
}

/// <inheritdoc cref="ContainsTest"/>
internal sealed class StartsWithTest(string operand) : TextTest
{
    public override bool Holds(ReadOnlySpan<char> text) => text.StartsWith(operand);
}

/// <inheritdoc cref="ContainsTest"/>
internal sealed class EndsWithTest(string operand) : TextTest
{
    public override bool Holds(ReadOnlySpan<char> text) => text.EndsWith(operand);
}

/// <summary>An e-mail address whose part before the «@» holds a text as it is, or whose domain holds it in lower case.</summary>
internal sealed class EmailContainsTest(string operand, string folded) : TextTest
{
    public override bool Holds(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return text[..at].IndexOf(operand) >= 0 || text[(at + 1)..].IndexOf(folded) >= 0;
    }
}

/// <summary>Matches a regular expression as a whole, in time linear in its length.</summary>
internal sealed class PatternTest(Regex pattern) : TextTest
{
    public override bool Holds(ReadOnlySpan<char> text) => pattern.IsMatch(text);
}
