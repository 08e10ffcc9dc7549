using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Doorward.Server.Audit;

/// <summary>
/// Writes JSON into a buffer that is large enough, or says that it was not. Names come as ready UTF-8, with the comma before and
/// the colon after, so that a record costs a fraction of a microsecond and no allocation.
/// </summary>
internal ref struct JsonText(Span<byte> buffer)
{
    /// <summary>What stands for itself. Everything else is escaped, or at least looked at: no terminal escape, no bidirectional override.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>Bytes written so far. Set back to take out what did not fit.</summary>
    public int Length
    {
        readonly get => _length;
        set => (_length, Overflowed) = (value, false);
    }

    /// <summary>Something did not fit; from there on nothing was written.</summary>
    public bool Overflowed { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        if (!Room(json.Length)) return;
        json.CopyTo(_buffer[_length..]);
        _length += json.Length;
    }

    /// <summary>A name and a text; nothing at all for null. Longer texts than the limit are cut, and end in «…».</summary>
    public void Text(scoped ReadOnlySpan<byte> name, string? value, int limit = int.MaxValue)
    {
        if (value is null) return;
        Raw(name);
        Text(value, limit);
    }

    public void Text(ReadOnlySpan<char> value, int limit = int.MaxValue)
    {
        var cut = value.Length > limit;
        if (cut) value = value[..limit];
        Raw("\""u8);
        var plain = value.IndexOfAnyExcept(Plain);
        Ascii(plain < 0 ? value : value[..plain]);
        if (plain >= 0) Escaped(value[plain..]);
        if (cut) Raw("…"u8);
        Raw("\""u8);
    }

    public void Number<T>(scoped ReadOnlySpan<byte> name, T value)
        where T : IUtf8SpanFormattable
    {
        Raw(name);
        Format(value, default);
    }

    /// <summary>A name and an instant, RFC 3339 in UTC to the tenth of a microsecond; nothing for null.</summary>
    public void Instant(scoped ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is not { } instant) return;
        Raw(name);
        Instant(instant);
    }

    public void Instant(DateTimeOffset instant)
    {
        Raw("\""u8);
        Format(instant.UtcDateTime, "O");
        Raw("\""u8);
    }

    public void Flag(scoped ReadOnlySpan<byte> name, bool? value)
    {
        if (value is not { } flag) return;
        Raw(name);
        Raw(flag ? "true"u8 : "false"u8);
    }

    public void Address(scoped ReadOnlySpan<byte> name, IPAddress? value)
    {
        if (value is null) return;
        Raw(name);
        Raw("\""u8);
        Format(value.IsIPv4MappedToIPv6 ? value.MapToIPv4() : value, default);
        Raw("\""u8);
    }

    private void Format<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        if (Overflowed) return;
        if (value.TryFormat(_buffer[_length..], out var written, format, CultureInfo.InvariantCulture)) _length += written;
        else Overflowed = true;
    }

    private void Ascii(ReadOnlySpan<char> value)
    {
        if (!Room(value.Length)) return;
        Utf8.FromUtf16(value, _buffer[_length..], out _, out var written);
        _length += written;
    }

    private void Escaped(ReadOnlySpan<char> value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
            {
                Raw("\\"u8);
                Raw([(byte)rune.Value]);
            }
            else if (Harmless(rune)) Raw(utf8[..rune.EncodeToUtf8(utf8)]);
            else if (rune.IsBmp) Escape(rune.Value);
            else
            {
                Escape(((rune.Value - 0x10000) >> 10) + 0xD800);
                Escape(((rune.Value - 0x10000) & 0x3FF) + 0xDC00);
            }
        }
    }

    /// <summary>Whether a letter may be shown as it is: not one that controls a terminal, turns the writing round or hides.</summary>
    private static bool Harmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private void Escape(int unit)
    {
        Raw("\\u"u8);
        Format(unit, "x4");
    }

    private bool Room(int bytes)
    {
        if (Overflowed || _buffer.Length - _length < bytes) Overflowed = true;
        return !Overflowed;
    }
}
