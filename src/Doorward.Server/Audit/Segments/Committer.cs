using System.Security.Cryptography;

namespace Doorward.Server.Audit.Segments;

/// <summary>
/// Chains what was appended and brings it to the disk, a group at a time, on a thread of its own: the request path neither
/// hashes nor waits. Makes the next segment ready before it is needed. When the disk fails, it gives the segment up, saves its
/// undurable entries into a new one, and goes on.
/// </summary>
internal sealed class Committer : IDisposable
{
    /// <summary>Pages made writable ahead at the least: what two groups hold on a quiet day.</summary>
    private const long LeastAhead = 256 * 1024;

    private const long MostAhead = 4 * 1024 * 1024;

    private readonly SegmentLog _log;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly SegmentMaker _maker;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly byte[] _salts = new byte[SegmentFormat.SaltBytes * 2 * 128];
    private TaskCompletionSource<bool> _group = NewGroup();
    private DurableEnd _durable;
    private Mark _chained;
    private long _committed;
    private int _saltsUsed = int.MaxValue;
    private IReadOnlyList<Segment> _given = [];
    private volatile bool _stopping;

    public Committer(SegmentLog log, Recovered recovered, AuditOptions options, TimeProvider time)
    {
        (_log, _options, _time, _maker) = (log, options, time, new SegmentMaker(log, options));
        (_durable, _chained, _committed) = (recovered.Durable, recovered.Durable.Mark, recovered.Committed);
        log.Full = () => _wake.Set();
        _thread = new Thread(Run) { Name = "audit committer", IsBackground = true };
    }

    /// <summary>Up to where everything is chained and on the disk.</summary>
    public DurableEnd Durable => Volatile.Read(ref _durable);

    public void Start() => _thread.Start();

    /// <summary>Completes when everything appended before this call is on the disk; false where the disk failed.</summary>
    public Task<bool> FlushAsync()
    {
        var group = Volatile.Read(ref _group);
        _wake.Set();
        return group.Task;
    }

    /// <summary>
    /// Removes segments that hold nothing behind any of these positions. Never the one in which the durable end lies: what a restart
    /// needs to go on stands in its first page.
    /// </summary>
    public void Release(IReadOnlyList<ChainPosition> taken)
    {
        var durable = Durable.Segment;
        try
        {
            var files = SegmentFiles.In(_log.Folder).TakeWhile(file => file.Number <= durable).Select(file => (file.Path, Header: SegmentHeader.ReadFile(file.Path))).ToList();
            for (var i = 0; i + 1 < files.Count; i++)
            {
                if (files[i + 1].Header is not { First: { } next, Node: var node }) return;
                // A folder may hold several chains, one behind the other; who is in a later one has all of the earlier.
                if (!taken.All(one => one.Node == node ? next.Head.Sequence <= one.Sequence : files.Skip(i + 2).Any(file => file.Header?.Node == one.Node))) return;
                File.Delete(files[i].Path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They stay a while longer.
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive) _thread.Join();
        _maker.Wait();
        foreach (var segment in _log.Unchained()) segment.Dispose();
        _wake.Dispose();
    }

    private static TaskCompletionSource<bool> NewGroup() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Run()
    {
        while (!_stopping)
        {
            _wake.WaitOne(_options.Group);
            Turn();
        }
        Turn();
        Volatile.Read(ref _group).TrySetResult(false);
    }

    private void Turn()
    {
        // Replaced before the entries are read: whoever appended before asking is in this group, whoever asks later waits for the next.
        var group = Interlocked.Exchange(ref _group, NewGroup());
        var done = false;
        try
        {
            if (_given.Count > 0) Heal();
            else Commit();
            done = true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (_given.Count == 0) GiveUp(failure.Message);
        }
        group.SetResult(done && _given.Count == 0);
        if (_log.NeedsNext && _given.Count == 0) _maker.MakeNext();
    }

    private void Commit()
    {
        var segments = _log.Unchained();
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            var from = _chained.Position;
            ChainEntries(segment);
            if (segment.HasAbandoned) throw new IOException($"{segment.Path} could not be written.");
            if (_chained.Position != _durable.Mark.Position || segment.Number != _durable.Segment)
            {
                segment.Flush();
                segment.SetMark(_chained);
                SetDurable(segment.Number);
            }
            segment.TouchAhead(Math.Clamp((_chained.Position - from) * 2, LeastAhead, MostAhead));
            if (segment.End != _chained.Position || i + 1 == segments.Length) break;
            _log.Chained(segment);
            segment.Dispose();
            _chained = new(SegmentFormat.HeaderBytes, _chained.Head);
            segments[i + 1].SetFirstMark(_chained.Head);
        }
    }

    private void ChainEntries(Segment segment)
    {
        // Never back, even if the clock is set back: days are dropped from the front of the chain.
        _committed = Math.Max(_committed, _time.GetUtcNow().UtcTicks);
        var (at, head) = _chained;
        while (segment.TryRead(ref at, out var bytes))
        {
            var salts = NextSalts();
            head = new Entry(bytes).After(head, _committed, salts);
            segment.Chain(at, _committed, salts, head);
            at += SegmentFormat.Padded(bytes.Length);
        }
        _chained = new(at, head);
    }

    private ReadOnlySpan<byte> NextSalts()
    {
        if (_saltsUsed >= _salts.Length)
        {
            RandomNumberGenerator.Fill(_salts);
            _saltsUsed = 0;
        }
        _saltsUsed += SegmentFormat.SaltBytes * 2;
        return _salts.AsSpan(_saltsUsed - (SegmentFormat.SaltBytes * 2), SegmentFormat.SaltBytes * 2);
    }

    private void SetDurable(long segment)
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = _durable;
        Volatile.Write(ref _durable, new(segment, _chained, next));
        before.Moved.TrySetResult();
    }

    private void GiveUp(string trouble)
    {
        _given = _log.GiveUp(trouble);
        // While their memory is sure to be there: whoever reserved finishes writing.
        foreach (var segment in _given)
        {
            var at = segment.Number == _durable.Segment ? _durable.Mark.Position : SegmentFormat.HeaderBytes;
            while (segment.TryRead(ref at, out var bytes)) at += SegmentFormat.Padded(bytes.Length);
        }
        // What was chained since the last flush was never shown to anybody; it is chained again where it is saved.
        _chained = _durable.Mark;
    }

    private void Heal()
    {
        var saved = _maker.Save(_given, _durable);
        foreach (var segment in _given) segment.Dispose();
        _given = [];
        _chained = new(SegmentFormat.HeaderBytes, _durable.Mark.Head);
        saved.SetFirstMark(_chained.Head);
        _log.Start(saved);
        Commit();
    }
}

/// <summary>Up to where everything is chained and on the disk.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Mark">The position in it, and the chain's head there.</param>
/// <param name="Moved">Completes when there is a later one.</param>
internal sealed record DurableEnd(long Segment, Mark Mark, TaskCompletionSource Moved);
