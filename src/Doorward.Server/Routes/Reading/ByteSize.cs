using System.Globalization;

namespace Doorward.Server.Routes.Reading;

/// <summary>A number of bytes as people write it: <c>512</c>, <c>64KiB</c>, <c>1MiB</c>, <c>2GiB</c>; powers of 1024.</summary>
internal readonly record struct ByteSize(long Bytes) : IComparable
{
    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    public static ByteSize Kibibytes(int count) => new(count * 1024L);

    public static bool TryParse(string text, out ByteSize size)
    {
        var factor = 1L;
        var digits = text;
        foreach (var (unit, bytes) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            factor = bytes;
            digits = text[..^unit.Length];
        }

        var read = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= (1L << 50) / factor;
        size = new(read ? count * factor : 0);
        return read;
    }

    public int CompareTo(object? obj) => obj is ByteSize other ? Bytes.CompareTo(other.Bytes) : 1;

    public override string ToString()
    {
        foreach (var (unit, bytes) in Units)
            if (Bytes != 0 && Bytes % bytes == 0) return $"{Bytes / bytes}{unit}";
        return Bytes.ToString(CultureInfo.InvariantCulture);
    }
}
