using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Doorward.Server.Audit.Segments;

/// <summary>
/// One segment file, open for appending; <see cref="SegmentFormat"/> draws it. Any thread reserves and writes; one thread, the
/// committer's, chains and makes durable. All of it lies in memory that the system writes out even if this process is killed.
/// </summary>
internal sealed unsafe class Segment : IDisposable
{
    private const int ZerosBytes = 256 * 1024;

    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;
    private readonly ConcurrentDictionary<long, int> _abandoned = [];
    private long _tail;
    private long _end = -1;
    private long _strangerBytes;
    private bool _secondMark;

    private Segment(string path, long number, SafeFileHandle file, long capacity, long tail, bool mapped)
    {
        (Path, Number, _file, Capacity, _tail, Mapped) = (path, number, file, capacity, tail, mapped);
        // Where a page may have no place on the disk until it is written, only the file is written to and the memory only read.
        var access = mapped ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, access, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, capacity, access);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _memory);
    }

    public string Path { get; }

    public long Number { get; }

    public long Capacity { get; }

    /// <summary>Written to through memory; otherwise through the file, which may block.</summary>
    public bool Mapped { get; }

    /// <summary>Bytes reserved so far; beyond the capacity where some did not fit.</summary>
    public long Tail => Volatile.Read(ref _tail);

    /// <summary>Where the entries end; -1 while more may come.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Bytes that the refusals of strangers took.</summary>
    public ref long StrangerBytes => ref _strangerBytes;

    /// <summary>Makes a file full of zeros, so that every page of it has its place on the disk. It does not count before <see cref="Begin"/>.</summary>
    public static Segment Create(string folder, long number, long capacity, bool mapped)
    {
        var path = SegmentFiles.PathOf(folder, number);
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // Rented: it would be the largest allocation that requests cause.
        var zeros = ArrayPool<byte>.Shared.Rent(ZerosBytes);
        try
        {
            zeros.AsSpan().Clear();
            for (var at = 0L; at < capacity; at += zeros.Length) RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, capacity - at)), at);
            CLibrary.Flush(file, path);
            return new(path, number, file, capacity, SegmentFormat.HeaderBytes, mapped);
        }
        catch
        {
            file.Dispose();
            // Half a segment takes the room that other records need.
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(zeros);
        }
    }

    /// <summary>Makes the segment, and what was written to it so far, part of the log.</summary>
    public void Begin(string node, long previousNumber, long previousEnd)
    {
        var header = new byte[SegmentFormat.HeaderChecksumAt + sizeof(long)];
        SegmentFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentFormat.NumberAt), Number);
        Encoding.UTF8.GetBytes(node, header.AsSpan(SegmentFormat.NodeAt, SegmentFormat.NodeBytes));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentFormat.PreviousNumberAt), previousNumber);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentFormat.PreviousEndAt), previousEnd);
        BinaryPrimitives.WriteInt64LittleEndian(
            header.AsSpan(SegmentFormat.HeaderChecksumAt), SegmentFormat.Checksum(header.AsSpan(0, SegmentFormat.HeaderChecksumAt)));
        // First whatever was written, then the header that makes it count.
        Flush();
        Put(0, header);
        Flush();
        CLibrary.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>Opens a segment that another process left; <see cref="GoOnAt"/> says where new entries go.</summary>
    public static Segment Open(string path, long number, bool mapped)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new(path, number, file, RandomAccess.GetLength(file), long.MaxValue / 2, mapped);
    }

    public void GoOnAt(long tail) => Volatile.Write(ref _tail, tail);

    /// <summary>Takes room for an entry. At the first that does not fit the segment ends.</summary>
    public bool TryReserve(int length, out long at)
    {
        var padded = SegmentFormat.Padded(length);
        at = Interlocked.Add(ref _tail, padded) - padded;
        if (at + padded <= Capacity) return true;
        if (at <= Capacity) Volatile.Write(ref _end, at);
        return false;
    }

    /// <summary>No entry comes any more. Those that were reserved are still being written.</summary>
    public void Close() => _ = TryReserve((int)Math.Min(Capacity, int.MaxValue / 2), out _);

    /// <summary>Writes an entry where room was reserved: the length first, the checksum last.</summary>
    public void Write(long at, RecordLengths lengths, ReadOnlySpan<byte> text)
    {
        Span<byte> header = stackalloc byte[SegmentFormat.SequenceAt];
        BinaryPrimitives.WriteInt32LittleEndian(header, SegmentFormat.EntryHeaderBytes + text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], lengths.Body);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], lengths.Who);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], lengths.Other);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], 0);
        var checksum = SegmentFormat.Checksum(header[SegmentFormat.LengthsAt..], text);
        if (Mapped)
        {
            var entry = new Span<byte>(_memory + at, SegmentFormat.EntryHeaderBytes + text.Length);
            Volatile.Write(ref *(int*)(_memory + at), entry.Length);
            header[SegmentFormat.LengthsAt..].CopyTo(entry[SegmentFormat.LengthsAt..]);
            text.CopyTo(entry[SegmentFormat.EntryHeaderBytes..]);
            Volatile.Write(ref *(uint*)(_memory + at + SegmentFormat.ChecksumAt), checksum);
        }
        else
        {
            var entry = new byte[SegmentFormat.EntryHeaderBytes + text.Length];
            header.CopyTo(entry);
            text.CopyTo(entry.AsSpan(SegmentFormat.EntryHeaderBytes));
            RandomAccess.Write(_file, entry, at);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(SegmentFormat.ChecksumAt), checksum);
            RandomAccess.Write(_file, entry.AsSpan(SegmentFormat.ChecksumAt, sizeof(uint)), at + SegmentFormat.ChecksumAt);
        }
    }

    /// <summary>An entry that was reserved here will never be complete, because the file could not be written.</summary>
    public void Abandon(long at, int length) => _abandoned[at] = length;

    /// <summary>Whether any entry was given up.</summary>
    public bool HasAbandoned => !_abandoned.IsEmpty;

    /// <summary>
    /// The next entry from here on. One that is still being written is waited for: its writer copies a few hundred bytes and does
    /// nothing else.
    /// </summary>
    public bool TryRead(ref long at, out ReadOnlySpan<byte> entry)
    {
        var wait = new SpinWait();
        while (at < Limit())
        {
            if (_abandoned.TryGetValue(at, out var length)) at += SegmentFormat.Padded(length);
            else if (Volatile.Read(ref *(uint*)(_memory + at + SegmentFormat.ChecksumAt)) == 0) wait.SpinOnce();
            else
            {
                entry = new(_memory + at, *(int*)(_memory + at));
                return true;
            }
        }
        entry = default;
        return false;
    }

    /// <summary>All bytes, or those before the end.</summary>
    public ReadOnlySpan<byte> Bytes => new(_memory, (int)(End < 0 ? Capacity : End));

    /// <summary>Puts an entry into the chain: the sequence last, so that it is chained whole or not at all.</summary>
    public void Chain(long at, long committed, ReadOnlySpan<byte> salts, in ChainHead head)
    {
        Span<byte> fields = stackalloc byte[SegmentFormat.EntryHeaderBytes - SegmentFormat.CommittedAt];
        BinaryPrimitives.WriteInt64LittleEndian(fields, committed);
        salts.CopyTo(fields[(SegmentFormat.WhoSaltAt - SegmentFormat.CommittedAt)..]);
        head.Hash.CopyTo(fields[(SegmentFormat.ChainAt - SegmentFormat.CommittedAt)..]);
        Put(at + SegmentFormat.CommittedAt, fields);
        Span<byte> sequence = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(sequence, head.Sequence);
        Thread.MemoryBarrier();
        Put(at + SegmentFormat.SequenceAt, sequence);
    }

    /// <summary>Says where the chain stood before the first entry.</summary>
    public void SetFirstMark(in ChainHead head) => Put(SegmentFormat.FirstMarkAt, new Mark(SegmentFormat.HeaderBytes, head));

    /// <summary>Says that everything before this position is chained and on the disk.</summary>
    public void SetMark(in Mark mark)
    {
        _secondMark = !_secondMark;
        Put(_secondMark ? SegmentFormat.MarkAt * 2 : SegmentFormat.MarkAt, mark);
    }

    /// <summary>
    /// Makes the pages ahead writable, so that no request waits for the page table or the disk. Adds nothing to one number in each
    /// page: a write that changes nothing, whoever else writes there.
    /// </summary>
    public void TouchAhead(long bytes)
    {
        if (!Mapped) return;
        var from = Math.Min(Tail, Capacity) & -Environment.SystemPageSize;
        for (var at = from; at < Math.Min(from + bytes, Capacity); at += Environment.SystemPageSize) Interlocked.Add(ref *(int*)(_memory + at), 0);
    }

    /// <summary>Waits until all that was written is on the disk. An error means that nobody knows what is: never try again and believe it.</summary>
    public void Flush()
    {
        if (OperatingSystem.IsWindows()) _view.Flush();
        CLibrary.Flush(_file, Path);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private void Put(long at, in Mark mark)
    {
        Span<byte> bytes = stackalloc byte[SegmentFormat.MarkBytes];
        mark.Write(bytes);
        Put(at, bytes);
    }

    private long Limit()
    {
        var wait = new SpinWait();
        while (true)
        {
            if (End is >= 0 and var end) return end;
            if (Tail is var tail && tail <= Capacity) return tail;
            // Somebody's reservation did not fit, and they are about to say where the entries end.
            wait.SpinOnce();
        }
    }

    private void Put(long at, ReadOnlySpan<byte> bytes)
    {
        if (Mapped) bytes.CopyTo(new(_memory + at, bytes.Length));
        else RandomAccess.Write(_file, bytes, at);
    }
}
