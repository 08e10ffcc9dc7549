using System.Buffers;
using System.Globalization;
using System.Text;

namespace Doorward.Server.Routes.Reading;

/// <summary>Durations as people write them: <c>30s</c>, <c>14h</c>, <c>1h30m</c>, <c>250ms</c>, <c>1.5h</c>; <c>0</c> alone needs no unit.</summary>
internal static class Duration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration; false where the text is none, is negative or longer than ten years.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0") return true;
        if (text.IsEmpty) return false;
        var total = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits is <= 0 or > 12 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            text = text[digits..];
            var letters = text.IndexOfAny(Digits);
            var unit = letters < 0 ? text : text[..letters];
            if (TicksOf(unit) is not { } ticks) return false;
            text = text[unit.Length..];
            total += number * ticks;
        }

        if (total > 10 * 366 * TimeSpan.TicksPerDay) return false;
        duration = TimeSpan.FromTicks((long)total);
        return true;
    }

    /// <summary>The shortest spelling that reads back as the same duration, to the millisecond.</summary>
    public static string Write(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var written = new StringBuilder();
        var rest = duration.Ticks;
        foreach (var (unit, ticks) in Units)
        {
            if (rest / ticks is > 0 and var count) written.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            rest %= ticks;
        }

        return written.ToString();
    }

    private static long? TicksOf(ReadOnlySpan<char> unit)
    {
        foreach (var (name, ticks) in Units)
            if (unit.SequenceEqual(name)) return ticks;
        return null;
    }
}
