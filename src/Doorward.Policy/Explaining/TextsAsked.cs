using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>Which operands of a matcher may be shown: names that are nobody's own, few, and named outright.</summary>
internal static class TextsAsked
{
    private const int Shown = 5;

    /// <summary>The names that a text must be one of, as «a, b or c»; null where they are compared otherwise, many, or may be a person's.</summary>
    public static string? Of(StringMatcher? matcher) =>
        matcher?.Tests is [{ Operator: StringOperator.Is or StringOperator.In } test] ? Quote(test.Operands, "or") : null;

    /// <summary>The names quoted and joined; null where they are many, none, or may be a person's.</summary>
    public static string? Quote(IReadOnlyList<string> names, string joint)
    {
        if (names.Count is 0 or > Shown || names.Any(name => name.Length == 0 || name.Contains('@', StringComparison.Ordinal))) return null;
        var quoted = names.Select(Wording.Quote).ToList();
        return quoted.Count == 1 ? quoted[0] : string.Join(", ", quoted.Take(quoted.Count - 1)) + $" {joint} {quoted[^1]}";
    }
}
