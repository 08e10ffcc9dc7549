using System.Globalization;
using System.Text.Json;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Verification;

/// <summary>Reads JSON lines as <see cref="RecordLine"/> writes them. Never throws on any bytes.</summary>
internal static class RecordLines
{
    /// <summary>Bytes whose lines are handed over at once: some thousands, enough work for every core.</summary>
    private const int BlockBytes = 4 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="unreadable">Gains the number of each line that is no record.</param>
    /// <returns>The records in the order of their lines, a page at a time.</returns>
    public static IEnumerable<IReadOnlyList<ChainedRecord>> ReadFile(string path, ICollection<long> unreadable)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach (var page in Read(file, unreadable)) yield return page;
    }

    /// <summary>Reads lines from wherever they come; the next page while the last is worked on.</summary>
    public static IEnumerable<IReadOnlyList<ChainedRecord>> Read(Stream file, ICollection<long> unreadable)
    {
        var number = 0L;
        using var blocks = Blocks(file).GetEnumerator();
        var next = Task.Run(blocks.MoveNext);
        try
        {
            while (next.GetAwaiter().GetResult())
            {
                var lines = blocks.Current;
                next = Task.Run(blocks.MoveNext);
                yield return Parse(lines, number, unreadable);
                number += lines.Count;
            }
        }
        finally
        {
            // Who stops early leaves the stream: nobody may be reading it then.
            next.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    /// <summary>Reads one line; null where it is no record.</summary>
    public static ChainedRecord? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            return ReadParts(line);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static ChainedRecord? ReadParts(ReadOnlyMemory<byte> line)
    {
        var (node, sequence, committed, chain) = ((string?)null, 0L, (DateTime?)null, (Hash?)null);
        var body = ReadOnlyMemory<byte>.Empty;
        var (who, other) = (new Part(), new Part());
        var reader = new Utf8JsonReader(line.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("node"u8)) node = Text(ref reader);
            else if (reader.ValueTextEquals("sequence"u8)) sequence = reader.Read() ? reader.GetInt64() : 0;
            else if (reader.ValueTextEquals("committed"u8)) committed = DateTime.ParseExact(Text(ref reader) ?? "", "O", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            else if (reader.ValueTextEquals("record"u8)) body = Raw(ref reader, line);
            else if (reader.ValueTextEquals("chain"u8)) chain = HashOf(ref reader);
            else if (reader.ValueTextEquals("who"u8)) who.Text = Raw(ref reader, line);
            else if (reader.ValueTextEquals("who_salt"u8)) who.Salt = Convert.FromHexString(Text(ref reader) ?? "");
            else if (reader.ValueTextEquals("who_taken_out"u8)) who.TakenOut = HashOf(ref reader) ?? default;
            else if (reader.ValueTextEquals("other"u8)) other.Text = Raw(ref reader, line);
            else if (reader.ValueTextEquals("other_salt"u8)) other.Salt = Convert.FromHexString(Text(ref reader) ?? "");
            else if (reader.ValueTextEquals("other_taken_out"u8)) other.TakenOut = HashOf(ref reader) ?? default;
            // A member that is not ours was put there by somebody else.
            else return null;
        }
        // As Recovery names chains: anything else would have to be escaped where it is written again.
        return node is { Length: > 0 and <= SegmentFormat.NodeBytes } && node.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.') && sequence > 0 && committed is { } at && chain is { } hash && !body.IsEmpty
            ? new(node, sequence, at.Ticks, body, new(who.Text, who.Salt, who.TakenOut), new(other.Text, other.Salt, other.TakenOut), hash)
            : null;
    }

    private static IReadOnlyList<ChainedRecord> Parse(List<ReadOnlyMemory<byte>> lines, long before, ICollection<long> unreadable)
    {
        var records = new ChainedRecord?[lines.Count];
        Parallel.For(0, lines.Count, i => records[i] = Read(lines[i]));
        for (var i = 0; i < records.Length; i++)
            if (records[i] is null) unreadable.Add(before + i + 1);
        return [.. records.OfType<ChainedRecord>()];
    }

    /// <summary>The lines of one block after the other. Each has memory of its own, for the records are pieces of it.</summary>
    private static IEnumerable<List<ReadOnlyMemory<byte>>> Blocks(Stream file)
    {
        for (ReadOnlyMemory<byte> rest = default; ;)
        {
            var block = GC.AllocateUninitializedArray<byte>(rest.Length + BlockBytes);
            rest.CopyTo(block);
            var read = file.ReadAtLeast(block.AsSpan(rest.Length), BlockBytes, throwOnEndOfStream: false);
            var text = block.AsMemory(0, rest.Length + read);
            var whole = read < BlockBytes ? text.Length : text.Span.LastIndexOf((byte)'\n') + 1;
            yield return Lines(text[..whole]);
            if (read < BlockBytes) yield break;
            rest = text[whole..];
        }
    }

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> text)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n') is var found && found < 0 ? text.Length : found;
            if (end > 0) lines.Add(text[..end]);
            text = text[Math.Min(end + 1, text.Length)..];
        }
        return lines;
    }

    /// <summary>The bytes of the next value, as they stand there: they were hashed.</summary>
    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed];
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static Hash? HashOf(ref Utf8JsonReader reader) => Convert.FromHexString(Text(ref reader) ?? "") is { Length: Hash.Bytes } bytes ? new Hash(bytes) : null;

    private struct Part
    {
        public ReadOnlyMemory<byte> Text;
        public ReadOnlyMemory<byte> Salt;
        public Hash TakenOut;
    }
}
