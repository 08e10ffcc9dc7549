using System.Globalization;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>A compiled <see cref="ValueMatcher"/>.</summary>
internal sealed class ValueTests(ValueMatcher matcher)
{
    /// <summary>The longest spelling of a double in the invariant culture is shorter.</summary>
    private const int NumberLength = 32;

    private readonly ListTests? _list = matcher.List is null ? null : new ListTests(matcher.List);
    private readonly TextMatcher? _text = matcher.Text is null ? null : new TextMatcher(matcher.Text);
    private readonly bool _onlyList = matcher with { List = null } == new ValueMatcher();

    /// <summary>Judges a <see cref="FactValue"/>'s value.</summary>
    public Truth Judge(object? value)
    {
        var truth = _list is null ? Truth.True : List(value);
        if (_onlyList || truth == Truth.False) return truth;
        var single = value is IReadOnlyList<string> list ? (list.Count == 1 ? list[0] : null) : value;
        if (_text is not null) truth = Kleene.And(truth, Text(single));
        if (matcher.Boolean is { } expected) truth = Kleene.And(truth, Boolean(single, expected));
        if (matcher.Equal is not null || matcher.Under is not null || matcher.Over is not null) truth = Kleene.And(truth, Number(single));
        if (matcher.Before is not null || matcher.After is not null) truth = Kleene.And(truth, Instant(single));
        return truth;
    }

    /// <summary>Whether a value, seen as a list, has an element.</summary>
    public static Truth Has(object? value, ReadOnlySpan<char> element)
    {
        if (value is not IReadOnlyList<string> list)
        {
            Span<char> buffer = stackalloc char[NumberLength];
            return TrySpell(value, buffer, out var spelled) ? Kleene.Of(spelled.SequenceEqual(element)) : Truth.Unknown;
        }

        for (var i = 0; i < list.Count; i++)
            if (element.SequenceEqual(list[i])) return Truth.True;
        return Truth.False;
    }

    private Truth List(object? value)
    {
        if (value is IReadOnlyList<string> list) return Kleene.Of(_list!.Holds(new ElementList(list)));
        Span<char> buffer = stackalloc char[NumberLength];
        return TrySpell(value, buffer, out var spelled) ? Kleene.Of(_list!.Holds(new ElementList(spelled))) : Truth.Unknown;
    }

    private Truth Text(object? single)
    {
        Span<char> buffer = stackalloc char[NumberLength];
        return TrySpell(single, buffer, out var spelled) ? Kleene.Of(_text!.Matches(spelled)) : Truth.Unknown;
    }

    private static Truth Boolean(object? single, bool expected) => single switch
    {
        bool value => Kleene.Of(value == expected),
        "true" => Kleene.Of(expected),
        "false" => Kleene.Of(!expected),
        _ => Truth.Unknown,
    };

    private Truth Number(object? single)
    {
        double number;
        if (single is double value && double.IsFinite(value)) number = value;
        else if (single is not string text || !Numbers.TryParse(text, out number)) return Truth.Unknown;
        return Kleene.Of((matcher.Equal ?? number) == number && !(number >= matcher.Under) && !(number <= matcher.Over));
    }

    private Truth Instant(object? single)
    {
        DateTimeOffset instant;
        if (single is DateTimeOffset value) instant = value;
        else if (single is not string text || !Instants.TryParse(text, out instant)) return Truth.Unknown;
        return Kleene.Of(!(instant >= matcher.Before) && !(instant < matcher.After));
    }

    private static bool TrySpell(object? value, Span<char> buffer, out ReadOnlySpan<char> spelled)
    {
        switch (value)
        {
            case string text:
                spelled = text;
                return true;
            case bool boolean:
                spelled = boolean ? "true" : "false";
                return true;
            case double number when number.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture):
                spelled = buffer[..length];
                return true;
            default:
                spelled = default;
                return false;
        }
    }
}
