using System.Buffers;
using System.Globalization;

namespace Doorward.Policy;

/// <summary>How a time span is spelled: numbers with units, the larger ones first, such as <c>90s</c>, <c>1h30m</c>, <c>1.5h</c> or <c>7d</c>.</summary>
public static class Durations
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a time span of at most 10,000 days.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The time span.</param>
    /// <returns>False where it is spelled otherwise; a number without unit is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var (ticks, next) = (0m, 0);
        if (text.IsEmpty) return false;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberCharacters);
            if (digits is < 1 or > 10 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? text : text[..letters];
            while (next < Units.Length && !unit.SequenceEqual(Units[next].Unit)) next++;
            if (next == Units.Length) return false;
            ticks += number * Units[next++].Ticks;
            text = text[unit.Length..];
        }

        if (ticks > TimeSpan.TicksPerDay * 10_000m) return false;
        duration = new TimeSpan((long)ticks);
        return true;
    }

    /// <summary>Spells a time span as <see cref="TryParse"/> reads it, each unit at most once: <c>1h30m</c>.</summary>
    /// <param name="duration">The time span; not negative.</param>
    /// <returns>The text.</returns>
    public static string Print(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var (text, rest) = ("", duration.Ticks);
        foreach (var (unit, ticks) in Units)
        {
            var number = unit == "ms" ? (decimal)rest / ticks : rest / ticks;
            rest %= ticks;
            if (number > 0) text += number.ToString("0.####", CultureInfo.InvariantCulture) + unit;
        }

        return text;
    }
}
