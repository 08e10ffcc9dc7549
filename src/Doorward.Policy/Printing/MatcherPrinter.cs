using System.Globalization;
using Doorward.Policy.Parsing;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Printing;

/// <summary>Prints matchers, always as mappings of their operators.</summary>
internal sealed class MatcherPrinter(JsonText json)
{
    public void Text(StringMatcher matcher)
    {
        json.Open('{');
        TextTests(matcher);
        json.Close('}');
    }

    public void List(ListMatcher matcher)
    {
        json.Open('{');
        ListTests(matcher);
        json.Close('}');
    }

    public void Value(ValueMatcher matcher)
    {
        json.Open('{');
        if (matcher.List is not null) ListTests(matcher.List);
        if (matcher.Text is not null) TextTests(matcher.Text);
        if (matcher.Boolean is { } boolean) Field("is", boolean ? "true" : "false");
        if (matcher.Equal is { } equal) Field("is", Number(equal));
        if (matcher.Under is { } under) Field("under", Number(under));
        if (matcher.Over is { } over) Field("over", Number(over));
        if (matcher.Before is { } before) Field("before", before);
        if (matcher.After is { } after) Field("after", after);
        json.Close('}');
    }

    public void Texts(IEnumerable<string> texts)
    {
        json.Open('[');
        foreach (var text in texts) json.Text(text);
        json.Close(']');
    }

    public void Boolean(bool value) => json.Literal(value ? "true" : "false");

    public void Instant(DateTimeOffset instant) =>
        json.Text(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    private void TextTests(StringMatcher matcher)
    {
        foreach (var test in matcher.Tests)
        {
            json.Key(StringMatcherParser.Operators[(int)test.Operator]);
            if (test.Operator is StringOperator.In or StringOperator.NotIn) Texts(test.Operands);
            else json.Text(test.Operands[0]);
        }
    }

    private void ListTests(ListMatcher matcher)
    {
        foreach (var test in matcher.Tests)
        {
            json.Key(ListMatcherParser.Operators[(int)test.Operator]);
            if (test.Element is { } element) Text(element);
            else Texts(test.Operands);
        }
    }

    private void Field(string key, string literal)
    {
        json.Key(key);
        json.Literal(literal);
    }

    private void Field(string key, DateTimeOffset instant)
    {
        json.Key(key);
        Instant(instant);
    }

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
