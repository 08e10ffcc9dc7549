using System.Buffers;
using System.Globalization;
using System.Text;
using Doorward.Policy;

namespace Doorward.Server.Identity.Assertions;

/// <summary>
/// Facts as header values. Printable ASCII stays as it is; every other byte of the UTF-8 text, and «%» itself, becomes %XX, so that no
/// value can end a header, and no two values look the same. Lists are joined with commas.
/// </summary>
internal static class HeaderText
{
    // Servers commonly take 8 KiB for one header; a longer one would fail the whole request.
    private const int Longest = 8 * 1024;

    private static readonly SearchValues<char> Plain = SearchValues.Create(" !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Null where there is nothing to send, or too much.</summary>
    public static string? Of(FactValue value) => value.Value switch
    {
        string text => Of(text),
        IReadOnlyList<string> list => Of(list),
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        _ => null,
    };

    public static string? Of(string? text) => Encode(text?.Trim());

    /// <summary>An item with a comma in it is left out: it could pass for two.</summary>
    public static string? Of(IEnumerable<string> items) => Encode(string.Join(',', items.Where(item => !item.Contains(',')).Select(item => item.Trim())));

    private static string? Encode(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > Longest) return null;
        if (!text.AsSpan().ContainsAnyExcept(Plain)) return text;
        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && Plain.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)]) encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.Length <= Longest ? encoded.ToString() : null;
    }
}
