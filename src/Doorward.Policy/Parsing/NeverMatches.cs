using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Finds operands that no value can ever equal, which is a slip of the pen.</summary>
internal static class NeverMatches
{
    /// <summary>Warns about each operand of <c>is</c> and <c>in</c> that cannot be.</summary>
    public static void Check(StringMatcher matcher, Func<string, bool> possible, string cure, CriterionInput input)
    {
        foreach (var operand in matcher.Tests.Where(test => test.Operator is StringOperator.Is or StringOperator.In).SelectMany(test => test.Operands))
            if (!possible(operand))
                input.Findings.Warn("DW1057", $"«{input.Key}» can never be {Wording.Quote(operand)}.", cure, input.Data.Place);
    }
}
