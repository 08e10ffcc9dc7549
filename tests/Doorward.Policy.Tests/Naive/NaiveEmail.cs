using Doorward.Policy.Syntax;
using static Doorward.Policy.Tests.Naive.NaiveMatchers;

namespace Doorward.Policy.Tests.Naive;

/// <summary>Addresses: the part before the «@» is exact, the domain is not.</summary>
internal static class NaiveEmail
{
    public static (string Local, string Domain)? Of(PersonFacts? person) =>
        person is { EmailVerified: true, Email: { } email } && email.Split('@') is [{ Length: > 0 } local, { Length: > 0 } domain] ? (local, Lower(domain)) : null;

    public static Truth Judge(StringMatcher matcher, PersonFacts? person) => Of(person) is { } address
        ? NaiveMatchers.Of(matcher.Tests.All(test => Passes(test, address.Local, address.Domain)))
        : Truth.Unknown;

    public static Truth JudgeDomain(StringMatcher matcher, PersonFacts? person) =>
        NaiveMatchers.Of(Of(person) is { } address ? Matches(Lower(matcher), address.Domain) : null);

    public static string Lower(string? text) => text is null ? null! : string.Concat(text.Select(letter => char.IsAsciiLetterUpper(letter) ? (char)(letter + 32) : letter));

    public static StringMatcher Lower(StringMatcher matcher) =>
        new([.. matcher.Tests.Select(test => test.Operator == StringOperator.Matches ? test : test with { Operands = [.. test.Operands.Select(Lower)] })]);

    private static bool Passes(StringTest test, string local, string domain)
    {
        var seen = $"{local}@{domain}";
        if (test.Operator == StringOperator.Matches) return NaiveMatchers.Passes(test, seen);
        if (test.Operator == StringOperator.Contains && !test.Operands[0].Contains('@', StringComparison.Ordinal))
            return local.Contains(test.Operands[0], StringComparison.Ordinal) || domain.Contains(Lower(test.Operands[0]), StringComparison.Ordinal);
        return NaiveMatchers.Passes(test with { Operands = [.. test.Operands.Select(operand => Normal(operand, test.Operator))] }, seen);
    }

    private static string Normal(string operand, StringOperator by)
    {
        var at = operand.IndexOf('@', StringComparison.Ordinal);
        return at >= 0 ? operand[..at] + Lower(operand[at..]) : by == StringOperator.EndsWith ? Lower(operand) : operand;
    }
}
