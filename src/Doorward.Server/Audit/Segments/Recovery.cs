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

    public Recovered Run()
    {
        var files = Readable();
        if (files.Count == 0) return Begin(NewNode(), 1, null);
        var node = files[^1].Header.Node;
        var start = files.FindLastIndex(file => (file.Header.Durable ?? file.Header.First) is not null);
        var mark = start < 0 ? new(SegmentFormat.HeaderBytes, ChainHead.Start(node)) : (files[start].Header.Durable ?? files[start].Header.First)!.Value;
        for (var i = Math.Max(start, 0); i < files.Count; i++)
        {
            var segment = Segment.Open(files[i].Path, files[i].Number, _mapped);
            mark = i == Math.Max(start, 0) ? mark : new(SegmentFormat.HeaderBytes, mark.Head);
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
