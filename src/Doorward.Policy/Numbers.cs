using System.Globalization;

namespace Doorward.Policy;

/// <summary>How a number is spelled: an optional sign, digits, an optional point, an optional exponent; never infinite.</summary>
internal static class Numbers
{
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
