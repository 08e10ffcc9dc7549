using System.Text;
using Doorward.Policy.Printing;

namespace Doorward.Policy.Syntax;

/// <summary>
/// The one text of a policy: JSON without blanks, in which everything that can be written in several ways is written in one. Reading it
/// gives the same policy again, places apart.
/// </summary>
public static class CanonicalText
{
    /// <summary>Prints a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>The text.</returns>
    public static string Print(PolicySyntax policy)
    {
        var printer = new PolicyPrinter();
        printer.Policy(policy);
        return printer.ToString();
    }

    /// <summary>Prints a criterion; two that ask the same print the same.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <returns>The text.</returns>
    public static string Print(Criterion criterion)
    {
        var printer = new PolicyPrinter();
        printer.Criterion(criterion);
        return printer.ToString();
    }

    internal static string Print(IReadOnlyList<ParsedPolicy> policies, IReadOnlyList<ParsedPolicy> guardrails)
    {
        var text = new StringBuilder();
        text.Append("{\"policies\":[").AppendJoin(',', policies.Select(policy => Print(policy.Syntax)));
        text.Append("],\"guardrails\":[").AppendJoin(',', guardrails.Select(guardrail => Print(guardrail.Syntax)));
        return text.Append("]}").ToString();
    }
}
