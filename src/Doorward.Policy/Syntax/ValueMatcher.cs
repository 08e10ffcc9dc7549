namespace Doorward.Policy.Syntax;

/// <summary>Compares a <see cref="FactValue"/>, whatever its type. Its parts are joined by Kleene's «and»; at least one is not null.</summary>
/// <remarks>
/// <para>
/// <see cref="List"/> sees a list as it is, and a text, number or boolean as a list of one: a boolean as <c>true</c> or <c>false</c>,
/// a number as <see cref="double.ToString(IFormatProvider)"/> with the invariant culture. An instant makes it unknown.
/// </para>
/// <para>
/// The other parts see one value: that of a single value, or the only element of a list. A list of none or of several makes them unknown.
/// <see cref="Text"/> sees a text, number or boolean, spelled as above; an instant makes it unknown. <see cref="Boolean"/> sees a
/// boolean, or a text that is exactly <c>true</c> or <c>false</c>; <see cref="Equal"/>, <see cref="Under"/> and <see cref="Over"/> see a
/// finite number, or a text that spells one (an optional sign, digits, an optional point, an optional exponent);
/// <see cref="Before"/> and <see cref="After"/> see an instant, or a text that spells one (see <see cref="Instants"/>). Anything else makes them unknown.
/// </para>
/// <para>Unknown by the type of the value has no remedy.</para>
/// </remarks>
public sealed record ValueMatcher
{
    /// <summary>What is asked of it as one text: every operator but <see cref="StringOperator.Is"/>, which is written to <see cref="List"/>.</summary>
    public StringMatcher? Text { get; init; }

    /// <summary>What is asked of it as a list. A bare text in the policy is <c>has</c>, and <c>is: text</c> is <c>is</c> of the list.</summary>
    public ListMatcher? List { get; init; }

    /// <summary>It is this boolean.</summary>
    public bool? Boolean { get; init; }

    /// <summary>It is this number.</summary>
    public double? Equal { get; init; }

    /// <summary>It is less than this number.</summary>
    public double? Under { get; init; }

    /// <summary>It is more than this number.</summary>
    public double? Over { get; init; }

    /// <summary>It is earlier than this instant.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>It is this instant or later.</summary>
    public DateTimeOffset? After { get; init; }
}
