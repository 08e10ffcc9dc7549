using System.Security.Cryptography;

namespace Doorward.Server.Audit.Segments;

/// <summary>What was found at start.</summary>
/// <param name="Node">The chain's name.</param>
/// <param name="Current">The segment that takes records.</param>
/// <param name="Durable">Up to where everything is chained and on the disk.</param>
/// <param name="Committed">The instant of the last group.</param>
/// <param name="Chained">Records that were written, but not yet chained, when the process ended.</param>
/// <param name="Holes">What is neither entry nor zeros behind the last mark, or damaged before it.</param>
internal sealed record Recovered(string Node, Segment Current, DurableEnd Durable, long Committed, int Chained, IReadOnlyList<string> Holes)
{
    /// <summary>The end of the chain that was here before, where another one was begun.</summary>
    public ChainPoint? Former { get; init; }

    /// <summary>Why another one was begun.</summary>
    public string? Why { get; init; }

    public bool IsNew => Durable.Mark.Head.Sequence == 0 && Chained == 0;
}

/// <summary>
/// Takes up the chain where a process left it, however that ended. What was chained and verifies stays as it is, because the store
/// may have it already; the rest is chained now, in the order in which it lies there.
/// </summary>
internal sealed class Recovery(AuditOptions options, TimeProvider time)
{
    private readonly bool _mapped = SegmentMaker.IsMapped(options.Folder, options.Writing);
    private readonly List<string> _holes = [];
    private int _chained;
    private long _committed;

    /// <summary>
    /// Takes up the chain, or begins another one where the store has other records under this one's name: an older copy of the
    /// folder was put in place, and whatever were added to it would pass for records that the store has already.
    /// </summary>
    public Recovered Run(StoredChain? stored)
    {
        var found = TakeUp();
        if (stored is null || found.IsNew || WhyNotGoOn(found, stored) is not { } why) return found;
        var end = found.Durable.Mark.Head;
        try
        {
            var begun = Begin(NewNode(), found.Current.Number + 1, null) with { Former = new(found.Node, end.Sequence, end.Hash), Why = why };
            found.Current.Dispose();
            return begun;
        }
        catch (IOException) when (!stored.Answered)
        {
            // It is only a precaution, and the disk has no room for it.
            return found;
        }
    }

    private string? WhyNotGoOn(Recovered found, StoredChain stored)
    {
        // Not again at every start while the store is away: the space would be full of segments that have hardly begun.
        if (!stored.Answered)
            return (long)SegmentFiles.In(options.Folder).Count * options.SegmentBytes * 2 < options.SpaceBytes ? "the store could not be asked whether it knows this one further" : null;
        if (stored.Point is not { } point) return null;
        if (point.Sequence > found.Durable.Mark.Head.Sequence)
            return $"the store has {point.Sequence} records of that one, and this folder {found.Durable.Mark.Head.Sequence}: an older copy was put in place";
        return IsAsStored(point) ? null : $"record {point.Sequence} of that one is another in the store: an older copy was put in place";
    }

    /// <summary>Whether a record is here as the store has it, or is no longer here.</summary>
    private bool IsAsStored(ChainPoint point)
    {
        if (point.Sequence == 0) return true;
        var reader = new SegmentReader(options.Folder);
        reader.GoBehind(new(point.Node, point.Sequence - 1));
        while (reader.Read(null) is { Count: > 0 } records)
        {
            if (records.FirstOrDefault(record => record.Node == point.Node && record.Sequence == point.Sequence) is { } record) return record.Chain == point.Chain;
            if (records[^1].Node == point.Node && records[^1].Sequence > point.Sequence) break;
        }
        return true;
    }

    private Recovered TakeUp()
    {
        var files = Readable();
        if (files.Count == 0) return Begin(NewNode(), 1, null);
        var node = files[^1].Header.Node;
        var start = files.FindLastIndex(file => (file.Header.Durable ?? file.Header.First) is not null);
        var mark = start < 0 ? new(SegmentFormat.HeaderBytes, ChainHead.Start(files[0].Header.Node)) : (files[start].Header.Durable ?? files[start].Header.First)!.Value;
        for (var i = Math.Max(start, 0); i < files.Count; i++)
        {
            var segment = Segment.Open(files[i].Path, files[i].Number, _mapped);
            if (i > Math.Max(start, 0)) mark = new(SegmentFormat.HeaderBytes, files[i].Header.Node == files[i - 1].Header.Node ? mark.Head : ChainHead.Start(files[i].Header.Node));
            if (mark.Position == SegmentFormat.HeaderBytes) segment.SetFirstMark(mark.Head);
            mark = Walk(segment, mark, files[i].End);
            segment.Flush();
            segment.SetMark(mark);
            if (i == files.Count - 1) return GoOn(segment, node, mark);
            segment.Dispose();
        }
        throw new InvalidOperationException("There is a last segment.");
    }

    /// <summary>In the last segment where half of it is left, or where the disk has no room for another.</summary>
    private Recovered GoOn(Segment last, string node, Mark mark)
    {
        var same = new Recovered(node, last, End(last.Number, mark), _committed, _chained, _holes);
        if (mark.Position < last.Capacity / 2) return same;
        try
        {
            var next = Begin(node, last.Number + 1, mark.Head);
            last.Dispose();
            return next;
        }
        catch (IOException)
        {
            return same;
        }
    }

    private static DurableEnd End(long segment, Mark mark) => new(segment, mark, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>A name that no other node ever had: this machine's, for people, and a random one.</summary>
    private static string NewNode()
    {
        var machine = new string([.. Environment.MachineName.ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.').Take(40)]);
        return $"{machine}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    }

    private Recovered Begin(string node, long number, ChainHead? head)
    {
        var segment = Segment.Create(options.Folder, number, options.SegmentBytes, _mapped);
        segment.Begin(node, 0, 0);
        var mark = new Mark(SegmentFormat.HeaderBytes, head ?? ChainHead.Start(node));
        segment.SetFirstMark(mark.Head);
        return new(node, segment, End(number, mark), _committed, _chained, _holes);
    }

    /// <summary>The segments that count, oldest first, each with where it ends if that was told (0 otherwise).</summary>
    private List<SegmentFile> Readable()
    {
        var files = new List<SegmentFile>();
        foreach (var (number, path) in SegmentFiles.In(options.Folder))
        {
            if (SegmentHeader.ReadFile(path) is not { } header)
            {
                Discard(path);
                continue;
            }
            if (header.PreviousNumber > 0)
            {
                // The disk failed, and this segment has what those between had.
                foreach (var given in files.Where(file => file.Number > header.PreviousNumber)) File.Delete(given.Path);
                files.RemoveAll(file => file.Number > header.PreviousNumber);
                if (files is [.., var previous] && previous.Number == header.PreviousNumber) files[^1] = previous with { End = header.PreviousEnd };
            }
            files.Add(new(number, path, header, 0));
        }
        return files;
    }

    /// <summary>A segment that had not begun has no records; one whose header is damaged may have, and is kept for people to look at.</summary>
    private void Discard(string path)
    {
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            var header = new byte[SegmentFormat.HeaderBytes];
            if (RandomAccess.Read(file, header, 0) < header.Length || !header.AsSpan().ContainsAnyExcept((byte)0))
            {
                File.Delete(path);
                return;
            }
        }
        File.Move(path, path + ".damaged", overwrite: true);
        _holes.Add($"{Path.GetFileName(path)}: its header is damaged; kept as {Path.GetFileName(path)}.damaged");
    }

    private Mark Walk(Segment segment, Mark mark, long end)
    {
        var bytes = end > 0 ? segment.Bytes[..(int)end] : segment.Bytes;
        var scanner = new EntryScanner(bytes, mark.Position);
        var (head, asWas) = (mark.Head, true);
        var salts = new byte[SegmentFormat.SaltBytes * 2];
        while (scanner.Next())
        {
            Report(segment, scanner.Skipped);
            var entry = scanner.Entry;
            var (committed, after) = (entry.Committed, entry.After(head, entry.Committed, entry.Salts));
            asWas = asWas && entry.Sequence == after.Sequence && entry.Chain == after.Hash;
            if (!asWas)
            {
                committed = Math.Max(_committed, time.GetUtcNow().UtcTicks);
                RandomNumberGenerator.Fill(salts);
                after = entry.After(head, committed, salts);
                segment.Chain(scanner.Position, committed, salts, after);
                _chained++;
            }
            (head, _committed) = (after, Math.Max(_committed, committed));
        }
        Report(segment, scanner.Skipped);
        // Behind the last entry lies nothing, or the beginning of one that was being written: new ones go behind that.
        var used = SegmentFormat.Padded(bytes.LastIndexOfAnyExcept((byte)0) + 1);
        segment.GoOnAt(Math.Max(used, SegmentFormat.HeaderBytes));
        return new(segment.Tail, head);
    }

    private void Report(Segment segment, Hole? hole)
    {
        if (hole is { } found) _holes.Add($"{Path.GetFileName(segment.Path)}: {found.Length} bytes at {found.Position}");
    }

    private sealed record SegmentFile(long Number, string Path, SegmentHeader Header, long End);
}
