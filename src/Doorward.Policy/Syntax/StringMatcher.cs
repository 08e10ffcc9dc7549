namespace Doorward.Policy.Syntax;

/// <summary>What a <see cref="StringTest"/> compares. All compare UTF-16 code units exactly, unless the criterion says otherwise.</summary>
public enum StringOperator
{
    /// <summary>The value is the operand.</summary>
    Is,

    /// <summary>The value is not the operand.</summary>
    Not,

    /// <summary>The value is one of the operands; never, where there are none.</summary>
    In,

    /// <summary>The value is none of the operands.</summary>
    NotIn,

    /// <summary>The operand is in the value; the empty operand is in every value.</summary>
    Contains,

    /// <summary>The value starts with the operand.</summary>
    StartsWith,

    /// <summary>The value ends with the operand.</summary>
    EndsWith,

    /// <summary>
    /// The whole value matches the operand, a regular expression: <c>\A(?:operand)\z</c> with
    /// <see cref="System.Text.RegularExpressions.RegexOptions.NonBacktracking"/> and
    /// <see cref="System.Text.RegularExpressions.RegexOptions.CultureInvariant"/>.
    /// </summary>
    Matches,
}

/// <summary>One comparison.</summary>
/// <param name="Operator">What is compared.</param>
/// <param name="Operands">What it is compared with: any number for <see cref="StringOperator.In"/> and <see cref="StringOperator.NotIn"/>, else exactly one.</param>
public sealed record StringTest(StringOperator Operator, IReadOnlyList<string> Operands);

/// <summary>Compares one text. A text that is absent makes the criterion unknown; otherwise it is true where every test holds, else false.</summary>
/// <param name="Tests">In the order of <see cref="StringOperator"/>, each operator at most once; never empty.</param>
public sealed record StringMatcher(IReadOnlyList<StringTest> Tests);
