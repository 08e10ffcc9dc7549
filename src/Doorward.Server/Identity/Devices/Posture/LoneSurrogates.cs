using System.Globalization;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// Halves of characters, such as «"\ud800"»: well-formed JSON and no text. Strangers' messages are refused for one. A posture source's
/// repeat what devices say of themselves, and refused for one, a thousand devices would go unheard at the word of a single one.
/// </summary>
internal static class LoneSurrogates
{
    private const int Length = 6;

    /// <summary>
    /// Makes each a character of the private use area, a different one for each, so that two names stay two: «\ud800» to «\udfff» become
    /// «\ue000» to «\ue7ff», which are no text here either (<see cref="IsHalf"/>). Whose it is cannot be read, and everything else can.
    /// </summary>
    public static void Blank(Span<byte> json)
    {
        for (var i = 0; i < json.Length; i++)
        {
            // Outside a text there is no backslash in JSON.
            if (json[i] != '\\') continue;
            if (!TryRead(json[i..], out var unit)) i++;
            else if (char.IsHighSurrogate(unit) && TryRead(json[(i + Length)..], out var low) && char.IsLowSurrogate(low)) i += (2 * Length) - 1;
            else
            {
                if (char.IsSurrogate(unit))
                {
                    json[i + 2] = (byte)'e';
                    json[i + 3] = (byte)('0' + ((unit >> 8) & 7));
                }
                i += Length - 1;
            }
        }
    }

    /// <summary>Whether it stands for a half, or cannot be told from one that does.</summary>
    public static bool IsHalf(char one) => one is >= '\uE000' and <= '\uE7FF';

    private static bool TryRead(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape is not [(byte)'\\', (byte)'u', _, _, _, _, ..] || !ushort.TryParse(escape[2..Length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        unit = (char)value;
        return true;
    }
}
