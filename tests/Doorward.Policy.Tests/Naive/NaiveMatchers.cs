using System.Globalization;
using System.Text.RegularExpressions;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Naive;

internal static class NaiveMatchers
{
    public static bool Matches(StringMatcher matcher, string value) => matcher.Tests.All(test => Passes(test, value));

    public static bool Passes(StringTest test, string value) => test.Operator switch
    {
        StringOperator.Is => value == test.Operands[0],
        StringOperator.Not => value != test.Operands[0],
        StringOperator.In => test.Operands.Contains(value),
        StringOperator.NotIn => !test.Operands.Contains(value),
        StringOperator.Contains => value.Contains(test.Operands[0], StringComparison.Ordinal),
        StringOperator.StartsWith => value.StartsWith(test.Operands[0], StringComparison.Ordinal),
        StringOperator.EndsWith => value.EndsWith(test.Operands[0], StringComparison.Ordinal),
        _ => Regex.IsMatch(value, $@"\A(?:{test.Operands[0]})\z", RegexOptions.CultureInvariant),
    };

    public static bool Matches(ListMatcher matcher, IReadOnlyList<string> values) =>
        Matches(matcher, values, (element, value) => Matches(element, value), (operand, value) => operand == value);

    public static bool Matches<T>(ListMatcher matcher, IReadOnlyList<T> values, Func<StringMatcher, T, bool> matches, Func<string, T, bool> named) =>
        matcher.Tests.All(test => test.Operator switch
        {
            ListOperator.Has => values.Any(value => matches(test.Element!, value)),
            ListOperator.HasAny => test.Operands.Any(operand => values.Any(value => named(operand, value))),
            ListOperator.HasAll => test.Operands.All(operand => values.Any(value => named(operand, value))),
            ListOperator.Is => values.Count == 1 && matches(test.Element!, values[0]),
            _ => !values.Any(value => matches(test.Element!, value)),
        });

    /// <summary>A value of any type; unknown where the value is not of the kind that a part of the matcher sees.</summary>
    public static Truth Matches(ValueMatcher matcher, FactValue? fact)
    {
        if (fact is null) return Truth.Unknown;
        var list = AsList(fact.Value);
        var single = fact.Value.Value is IReadOnlyList<string> values ? values.Count == 1 ? values[0] : null : fact.Value.Value;
        return Min(
        [
            Part(matcher.List, list, (part, seen) => Matches(part, seen)),
            Part(matcher.Text, single is null or DateTimeOffset ? null : Spelled(single), (part, seen) => Matches(part, seen)),
            Part(matcher.Boolean, AsBoolean(single), (part, seen) => part == seen),
            Part(matcher.Equal, AsNumber(single), (part, seen) => seen == part),
            Part(matcher.Under, AsNumber(single), (part, seen) => seen < part),
            Part(matcher.Over, AsNumber(single), (part, seen) => seen > part),
            Part(matcher.Before, AsInstant(single), (part, seen) => seen < part),
            Part(matcher.After, AsInstant(single), (part, seen) => seen >= part),
        ]);
    }

    /// <summary>Kleene's «and»: the lowest of false, unknown and true.</summary>
    public static Truth Min(IEnumerable<Truth> truths) => truths.Append(Truth.True).Min();

    public static Truth Of(bool? holds) => holds switch { true => Truth.True, false => Truth.False, null => Truth.Unknown };

    public static IReadOnlyList<string>? AsList(FactValue fact) => fact.Value switch
    {
        DateTimeOffset => null,
        IReadOnlyList<string> list => list,
        var single => [Spelled(single)],
    };

    private static Truth Part<TPart, TSeen>(TPart? part, TSeen? seen, Func<TPart, TSeen, bool> holds)
        where TPart : class
        where TSeen : class =>
        part is null ? Truth.True : seen is null ? Truth.Unknown : Of(holds(part, seen));

    private static Truth Part<T>(T? part, T? seen, Func<T, T, bool> holds)
        where T : struct =>
        part is null ? Truth.True : seen is null ? Truth.Unknown : Of(holds(part.Value, seen.Value));

    private static string Spelled(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        double number => number.ToString(CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static bool? AsBoolean(object? value) => value switch { bool flag => flag, "true" => true, "false" => false, _ => null };

    private static double? AsNumber(object? value) => value switch
    {
        double number when double.IsFinite(number) => number,
        string text when Regex.IsMatch(text, @"\A[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\z", RegexOptions.ECMAScript)
            && double.Parse(text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) => number,
        _ => null,
    };

    private static DateTimeOffset? AsInstant(object? value) => value switch
    {
        DateTimeOffset instant => instant,
        string text when Regex.IsMatch(text, @"\A\d{4}-\d\d-\d\d\z", RegexOptions.ECMAScript) && DateTimeOffset.TryParse(text + "T00:00:00Z", CultureInfo.InvariantCulture, out var midnight) => midnight,
        string text when Regex.IsMatch(text, @"\A\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[-+]\d\d:\d\d)\z", RegexOptions.ECMAScript)
            && DateTimeOffset.TryParse(text.ToUpperInvariant(), CultureInfo.InvariantCulture, out var instant) => instant,
        _ => null,
    };
}
