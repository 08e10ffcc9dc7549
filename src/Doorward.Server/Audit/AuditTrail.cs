using System.Buffers;
using System.Net;
using Doorward.Policy;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit;

/// <summary>
/// Where every room writes what happened. A record is written before what it tells takes effect; where it cannot be, the caller
/// refuses. On the request path writing is a copy into memory that outlives this process, and completes at once; it waits only
/// where the operator asked for that (<c>strict</c>), where the file system needs it, or while the next segment is being made.
/// </summary>
internal sealed class AuditTrail : IAsyncDisposable
{
    /// <summary>How long a record waits for room before it is refused: making a segment takes a tenth of a second on a small disk.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Room for the end of a refusal, with its header.</summary>
    private const int EndBytes = 320;

    /// <summary>Room for a record that counts refusals.</summary>
    private const int LargestCountBytes = 512;

    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly FileStream _folderLock;
    private readonly SegmentLog _log;
    private readonly Committer _committer;
    private readonly Strangers _strangers = new();
    private readonly LateRecords _late;
    private readonly ITimer _second;
    private long _refused;
    private long _told;

    private AuditTrail(AuditOptions options, TimeProvider time, FileStream folderLock, Recovered recovered)
    {
        (_options, _time, _folderLock) = (options, time, folderLock);
        _log = new SegmentLog(options.Folder, recovered.Node, options);
        _log.Start(recovered.Current);
        _committer = new Committer(_log, recovered, options, time);
        _late = new LateRecords(_log, time);
        _committer.Start();
        Anew = recovered is { Former: { } former, Why: { } why } ? (former.Node, why) : null;
        TellStart(recovered);
        _second = time.CreateTimer(_ => EachSecond(), null, options.Second, options.Second);
    }

    /// <summary>The name of this node's chain.</summary>
    public string Node => _log.Node;

    public string Folder => _log.Folder;

    /// <summary>Up to where everything is chained and on the disk, and so may leave this node.</summary>
    public DurableEnd Durable => _committer.Durable;

    public AuditHealth Health => new(_log.TakesDecisions, _log.Trouble, Interlocked.Read(ref _refused), _late.Count, _late.Lost);

    /// <summary>The chain that this trail would have gone on with, and why it did not; null where it did, or there was none.</summary>
    public (string Former, string Why)? Anew { get; }

    /// <summary>The chain that lies in a folder; null where there is none.</summary>
    public static string? NodeIn(string folder) =>
        Directory.Exists(folder) && SegmentFiles.In(folder) is [.., var last] ? SegmentHeader.ReadFile(last.Path)?.Node : null;

    /// <summary>Takes up the trail in its folder. Fails where the folder cannot be used: a server without a trail does not start.</summary>
    /// <param name="options">Where and how it is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stored">What the store knows of the chain in the folder; null where it is not asked.</param>
    public static AuditTrail Open(AuditOptions options, TimeProvider time, StoredChain? stored = null)
    {
        Directory.CreateDirectory(options.Folder);
        var folderLock = new FileStream(Path.Combine(options.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            return new(options, time, folderLock, new Recovery(options, time).Run(stored));
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    public ValueTask<Appended> Append(in DecisionRecord record)
    {
        var refusedStranger = record.Facts?.Session is null && (record.Decision.Outcome != Outcome.Allow || record.Refusal is not null);
        if (refusedStranger && !_strangers.Admit(record.Address, record.Route)) return new(Appended.Counted);
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            var lengths = RecordText.Write(buffer, record);
            var text = buffer.AsSpan(0, lengths.Total);
            if (refusedStranger && !_log.TakeStrangerRoom(SegmentFormat.EntryHeaderBytes + text.Length + EndBytes))
            {
                _strangers.Count();
                return new(Appended.Counted);
            }
            return Append(text, lengths, decision: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ValueTask<Appended> Append(EventRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            var lengths = RecordText.Write(buffer, record);
            return Append(buffer.AsSpan(0, lengths.Total), lengths, decision: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Something that anybody can send was refused: within the bound that keeps strangers from filling the trail, or counted.</summary>
    /// <param name="record">What was refused, and why.</param>
    /// <param name="address">Who sent it.</param>
    /// <param name="to">What it was sent to.</param>
    public ValueTask<Appended> AppendRefused(EventRecord record, IPAddress? address, string to)
    {
        if (!_strangers.Admit(address, to)) return new(Appended.Counted);
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            var lengths = RecordText.Write(buffer, record);
            var text = buffer.AsSpan(0, lengths.Total);
            if (_log.TakeStrangerRoom(SegmentFormat.EntryHeaderBytes + text.Length)) return Append(text, lengths, decision: true);
            _strangers.Count();
            return new(Appended.Counted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The end of a connection. Nobody is left to refuse: what cannot be written now is written later.</summary>
    public void Append(in EndRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            var lengths = RecordText.Write(buffer, record);
            var text = buffer.AsSpan(0, lengths.Total);
            if (_log.Blocks || !_log.TryAppend(text, lengths, decision: false)) _late.Add(text.ToArray(), lengths);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Completes when everything appended before this call is chained and on the disk; false where the disk failed.</summary>
    public Task<bool> FlushAsync() => _committer.FlushAsync();

    /// <summary>Removes the segments that hold nothing behind any of these positions.</summary>
    public void Release(params IReadOnlyList<ChainPosition> taken) => _committer.Release(taken);

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        // Twice: what is counted in one second is told in the next.
        EachSecond();
        EachSecond();
        await _late.DisposeAsync();
        _committer.Dispose();
        await _folderLock.DisposeAsync();
    }

    /// <summary>Writes what was only counted: refusals of strangers, and what could not be written for a while.</summary>
    internal void EachSecond()
    {
        var now = _time.GetUtcNow();
        foreach (var count in Together(_strangers.Take())) Late(CountText(count, now));
        var refused = Interlocked.Read(ref _refused);
        if (refused == _told || !_log.TakesDecisions) return;
        Late(new EventRecord { Kind = EventKind.Audit, At = now, Act = "resumed", Details = [new("refused", $"{refused - _told}"), new("ends_lost", $"{_late.Lost}")] });
        _told = refused;
    }

    private static EventRecord CountText(StrangerCount count, DateTimeOffset now) => new()
    {
        Kind = EventKind.Refusals,
        At = now,
        Act = "counted",
        Succeeded = false,
        Actor = count.Address is null ? null : new() { Address = count.Address.ToString() },
        Details = count.Route is null ? [new("count", $"{count.Count}")] : [new("count", $"{count.Count}"), new("route", count.Route)],
    };

    /// <summary>Where even the counts would take more than their share, one stands for all.</summary>
    private IReadOnlyList<StrangerCount> Together(IReadOnlyList<StrangerCount> counts) =>
        counts.Count <= 1 || _log.TakeStrangerRoom(counts.Count * LargestCountBytes) ? counts : [new(null, null, counts.Sum(count => count.Count))];

    private ValueTask<Appended> Append(ReadOnlySpan<byte> text, RecordLengths lengths, bool decision)
    {
        if (_log.Blocks) return new(AppendAwayAsync(text.ToArray(), lengths, decision));
        if (!_log.TryAppend(text, lengths, decision)) return new(AppendPatientlyAsync(text.ToArray(), lengths, decision));
        return _options.Strict ? new(DurablyAsync()) : new(Appended.Written);
    }

    private async Task<Appended> AppendAwayAsync(byte[] text, RecordLengths lengths, bool decision)
    {
        var written = await Task.Run(() => _log.TryAppend(text, lengths, decision));
        if (!written) return await AppendPatientlyAsync(text, lengths, decision);
        return _options.Strict ? await DurablyAsync() : Appended.Written;
    }

    private async Task<Appended> AppendPatientlyAsync(byte[] text, RecordLengths lengths, bool decision)
    {
        await Task.Yield();
        var began = _time.GetTimestamp();
        do
        {
            var room = _log.Room;
            if (_log.TryAppend(text, lengths, decision)) return _options.Strict ? await DurablyAsync() : Appended.Written;
            if (_log.Trouble is not null) break;
            await Task.WhenAny(room, Task.Delay(_patience, _time));
        }
        while (_time.GetElapsedTime(began) < _patience);
        Interlocked.Increment(ref _refused);
        return Appended.Refused;
    }

    private async Task<Appended> DurablyAsync()
    {
        if (await _committer.FlushAsync()) return Appended.Written;
        Interlocked.Increment(ref _refused);
        return Appended.Refused;
    }

    private void TellStart(Recovered recovered) => Late(new EventRecord
    {
        Kind = EventKind.Audit,
        At = _time.GetUtcNow(),
        Act = recovered.IsNew || recovered.Former is not null ? "begin" : "start",
        Details = [new("node", Node), new("chained_at_start", $"{recovered.Chained}"), .. FormerDetails(recovered), .. recovered.Holes.Take(16).Select((hole, i) => KeyValuePair.Create($"hole_{i + 1}", hole))],
    });

    private static IEnumerable<KeyValuePair<string, string>> FormerDetails(Recovered recovered) => recovered is { Former: { } former, Why: { } why }
        ? [new("former_node", former.Node), new("former_sequence", $"{former.Sequence}"), new("former_chain", $"{former.Chain}"), new("why", why)]
        : [];

    private void Late(EventRecord record)
    {
        var buffer = new byte[RecordText.Largest];
        var lengths = RecordText.Write(buffer, record);
        _late.Add(buffer.AsSpan(0, lengths.Total).ToArray(), lengths);
    }
}
