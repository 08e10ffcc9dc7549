using System.Globalization;

namespace Doorward.Policy.Syntax;

/// <summary>How an instant is spelled, in policies and in the texts of facts.</summary>
public static class Instants
{
    /// <summary>
    /// Reads <c>yyyy-MM-dd</c> (its beginning in UTC), or RFC 3339: <c>yyyy-MM-ddTHH:mm:ss</c>, an optional fraction of one to seven digits, then <c>Z</c> or
    /// <c>±HH:mm</c>. «T» and «Z» may be small. Nothing around it; the offset is what a <see cref="DateTimeOffset"/> can hold.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="instant">The instant.</param>
    /// <returns>False where it is spelled otherwise.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length is < 10 or > 33 || !DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return false;
        if (text.Length == 10)
        {
            instant = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return true;
        }

        if (text.Length < 20 || text[10] is not ('T' or 't')) return false;
        if (!TimeOnly.TryParseExact(text[11..19], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return false;
        if (!TryReadFraction(text[19..], out var ticks, out var rest) || !TryReadOffset(rest, out var offset)) return false;
        var local = date.ToDateTime(time).Ticks + ticks;
        if (local - offset.Ticks < 0 || local - offset.Ticks > DateTime.MaxValue.Ticks) return false;
        instant = new DateTimeOffset(local, offset);
        return true;
    }

    private static bool TryReadFraction(ReadOnlySpan<char> text, out long ticks, out ReadOnlySpan<char> rest)
    {
        ticks = 0;
        rest = text;
        if (text[0] != '.') return true;
        var digits = text[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 7) return false;
        for (var i = 1; i <= 7; i++) ticks = ticks * 10 + (i <= digits ? text[i] - '0' : 0);
        rest = text[(digits + 1)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z") return true;
        if (text.Length != 6 || text[0] is not ('+' or '-')) return false;
        if (!TimeOnly.TryParseExact(text[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return false;
        if (time.Ticks > TimeSpan.TicksPerHour * 14) return false;
        offset = new TimeSpan(text[0] == '-' ? -time.Ticks : time.Ticks);
        return true;
    }
}
