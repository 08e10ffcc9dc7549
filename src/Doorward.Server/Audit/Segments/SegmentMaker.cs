namespace Doorward.Server.Audit.Segments;

/// <summary>Makes segments: the next one, beside the requests; and the one that saves what a failing disk may have lost.</summary>
internal sealed class SegmentMaker(SegmentLog log, AuditOptions options)
{
    private static readonly TimeSpan _retry = TimeSpan.FromMilliseconds(250);

    private readonly bool _mapped = IsMapped(log.Folder, options.Writing);
    private Task _making = Task.CompletedTask;
    private long _retryAfter;

    /// <summary>Whether files of this folder may be written through memory: a file system that copies on write can run out of space at any write, and then kills the process.</summary>
    public static bool IsMapped(string folder, SegmentWriting writing) => writing switch
    {
        SegmentWriting.Memory => true,
        SegmentWriting.File => false,
        _ => new DriveInfo(Path.GetFullPath(folder)).DriveFormat is "ext2" or "ext3" or "ext4" or "xfs" or "tmpfs" or "ramfs" or "overlay" or "overlayfs" or "f2fs" or "NTFS",
    };

    public void MakeNext()
    {
        if (!_making.IsCompleted || Environment.TickCount64 < _retryAfter) return;
        _making = Task.Run(() =>
        {
            try
            {
                var files = SegmentFiles.In(log.Folder);
                if ((files.Count + 1L) * options.SegmentBytes > options.SpaceBytes)
                    throw new IOException($"Segments take {files.Count} times {options.SegmentBytes} bytes, and may take {options.SpaceBytes}: the store or a sink does not take the records over.");
                var next = Segment.Create(log.Folder, files[^1].Number + 1, options.SegmentBytes, _mapped);
                next.Begin(log.Node, 0, 0);
                log.SetNext(next);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _retryAfter = Environment.TickCount64 + (long)_retry.TotalMilliseconds;
                log.SetTrouble(failure.Message);
            }
        });
    }

    public void Wait() => _making.Wait();

    /// <summary>Copies what lies behind the durable end into a segment that goes on from there.</summary>
    public Segment Save(IReadOnlyList<Segment> given, DurableEnd durable)
    {
        _making.Wait();
        log.DropNext();
        var capacity = given.Sum(segment => segment.End) + options.SegmentBytes;
        var saved = Segment.Create(log.Folder, SegmentFiles.In(log.Folder)[^1].Number + 1, Math.Min(capacity, int.MaxValue), _mapped);
        try
        {
            foreach (var segment in given) Copy(segment, segment.Number == durable.Segment ? durable.Mark.Position : SegmentFormat.HeaderBytes, saved);
            saved.Begin(log.Node, durable.Segment, durable.Mark.Position);
            foreach (var segment in given)
                if (segment.Number != durable.Segment) File.Delete(segment.Path);
            return saved;
        }
        catch
        {
            saved.Dispose();
            File.Delete(saved.Path);
            throw;
        }
    }

    private static void Copy(Segment from, long at, Segment to)
    {
        // Not entry by entry as the committer does: a page that the disk refused may have been read again from it, as it was before.
        var scanner = new EntryScanner(from.Bytes, at);
        while (scanner.Next())
        {
            var entry = scanner.Entry;
            if (to.TryReserve(SegmentFormat.EntryHeaderBytes + entry.Lengths.Total, out var copy)) to.Write(copy, entry.Lengths, entry.Text);
        }
    }
}
