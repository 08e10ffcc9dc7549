namespace Doorward.Server.Audit;

/// <summary>How segment files are written.</summary>
internal enum SegmentWriting
{
    /// <summary>Through memory where the file system keeps a block's place (ext4, xfs, tmpfs, overlay ...), otherwise through the file.</summary>
    Auto,

    /// <summary>Through memory: a request never waits for the disk.</summary>
    Memory,

    /// <summary>Through the file: for file systems that copy on write (btrfs, zfs) or lie elsewhere (nfs).</summary>
    File,
}

/// <summary>Where and how the audit trail is kept.</summary>
internal sealed record AuditOptions
{
    /// <summary>The folder of the segment files; one process at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes of one segment. Default 16 MiB: about 20,000 records, made ready in a tenth of a second on a small disk.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes that all segments may take while store and sinks are away. Default 1 GiB: over a million records.</summary>
    public long SpaceBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How often records are chained and flushed to the disk. Default 100 ms: what a loss of power may cost.</summary>
    public TimeSpan Group { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often what was only counted is written. Default 1 s; infinite: only at the end.</summary>
    public TimeSpan Second { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Answers only after the record was flushed to the disk: survives a loss of power, costs every request a wait. Off by default.</summary>
    public bool Strict { get; init; }

    public SegmentWriting Writing { get; init; }

    /// <summary>What refusals of strangers may take of a segment. A fifth: they cannot drive out the records of people.</summary>
    public double StrangerShare { get; init; } = 0.2;

    /// <summary>Of the last segment, one part in so many is kept for the ends of connections that were let through. Default 8.</summary>
    public int EndsShareDivisor { get; init; } = 8;
}
