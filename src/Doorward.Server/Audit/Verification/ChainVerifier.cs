using System.Collections.Concurrent;
using System.Text.Json;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Verification;

/// <summary>
/// Checks records against their chains, and the chains against what was said of them elsewhere. Takes records of several chains as
/// they come; those of one chain must come in order.
/// </summary>
internal sealed class ChainVerifier
{
    /// <summary>More would only hide the first.</summary>
    private const int MostFindings = 100;

    private readonly SortedDictionary<string, ChainState> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<long, (Hash Chain, DateTimeOffset At)>> _points = [];
    private readonly ConcurrentDictionary<ChainPoint, bool> _dropped = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _notes = [];
    private long _oldest = long.MaxValue;

    /// <param name="checkpoints">What was said outside.</param>
    public ChainVerifier(IEnumerable<Checkpoint> checkpoints)
    {
        foreach (var checkpoint in checkpoints)
        {
            foreach (var point in checkpoint.Points)
            {
                if (!_points.TryGetValue(point.Node, out var points)) _points[point.Node] = points = [];
                if (points.TryGetValue(point.Sequence, out var said) && said.Chain != point.Chain)
                    Find(point.Node, point.Sequence, $"the checkpoints of {said.At:u} and of {checkpoint.At:u} contradict each other: the trail was written anew in between");
                points.TryAdd(point.Sequence, (point.Chain, checkpoint.At));
            }
        }
    }

    /// <summary>Checks the next records.</summary>
    public void Add(IReadOnlyList<ChainedRecord> records)
    {
        if (records.Count == 0) return;
        var before = new ChainHead?[records.Count];
        for (var i = 0; i < records.Count; i++) before[i] = Place(records[i]);
        var bad = new bool[records.Count];
        Parallel.ForEach(Partitioner.Create(0, records.Count), range =>
        {
            for (var i = range.Item1; i < range.Item2; i++)
            {
                bad[i] = before[i] is { } head && !records[i].Follows(head);
                NoteRetention(records[i]);
            }
        });
        for (var i = 0; i < records.Count; i++)
            if (bad[i]) Find(records[i].Node, records[i].Sequence, "it is not what was written, or what was before it was not");
    }

    /// <summary>Says that there is a chain, and how many records the store counts, even if none of them came.</summary>
    public void Expect(string node, long counted) => StateOf(node).Counted = counted;

    /// <summary>What was found.</summary>
    /// <param name="whole">Whether the records are all there are; otherwise they are an extract, which may begin and end anywhere.</param>
    public VerifyReport Finish(bool whole)
    {
        foreach (var (node, chain) in _chains) CheckEnds(node, chain, whole);
        if (whole)
            foreach (var (node, points) in _points.Where(points => !_chains.ContainsKey(points.Key))) CheckMissing(node, points.Last().Key, points.Last().Value.At);
        if (_points.Count == 0)
            _notes.Add("No checkpoints were given: whoever held the store could have written all of it anew.");
        _findings.Sort((left, right) => (left.Node, left.Sequence).CompareTo((right.Node, right.Sequence)));
        return new([.. _chains.Select(chain => new VerifiedChain(chain.Key, chain.Value.First, chain.Value.Head.Sequence, chain.Value.Records, chain.Value.TakenOut))], _findings, _notes);
    }

    /// <summary>Puts a record behind the ones before; null where it has no place there, or there is nothing to check it against.</summary>
    private ChainHead? Place(ChainedRecord record)
    {
        var chain = StateOf(record.Node);
        var before = chain.Head;
        if (chain.Records > 0 && record.Sequence <= before.Sequence)
        {
            // A sink gets a batch again after a failure.
            if (!chain.HasTaken(record))
                Find(record.Node, record.Sequence, $"it stands behind record {before.Sequence}: inserted, or moved");
            return null;
        }
        var missing = record.Sequence - before.Sequence - 1;
        if (chain.Records == 0) chain.First = record.Sequence;
        else if (missing > 0)
            Find(record.Node, before.Sequence + 1, missing == 1 ? "it is missing" : $"it and {missing - 1} behind it are missing");
        _oldest = Math.Min(_oldest, record.Committed);
        chain.Records++;
        if (!record.Who.TakenOut.IsZero || !record.Other.TakenOut.IsZero) chain.TakenOut++;
        chain.Take(record);
        if (_points.TryGetValue(record.Node, out var points) && points.TryGetValue(record.Sequence, out var said))
        {
            if (said.Chain == record.Chain) chain.Agreed = record.Sequence;
            else Find(record.Node, chain.Agreed + 1, $"it or one up to {record.Sequence} was written anew: the checkpoint of {said.At:u} says otherwise");
        }
        return missing == 0 ? before : null;
    }

    private void CheckEnds(string node, ChainState chain, bool whole)
    {
        _points.TryGetValue(node, out var points);
        if (chain.Records == 0)
        {
            if (whole && chain.Counted > 0 && !IsDropped(node, chain.Counted)) Find(node, 0, $"its records are missing: the store itself counts {chain.Counted}");
            return;
        }
        if (whole && chain.Counted > chain.Head.Sequence)
            Find(node, chain.Head.Sequence + 1, $"it and all up to {chain.Counted} are missing: the store itself counts them");
        if (chain.First > 1) CheckFront(node, chain, points, whole);
        if (points is { Count: > 0 } && points.Last() is var last && last.Key > chain.Head.Sequence)
        {
            var what = $"the records from {chain.Head.Sequence + 1} on are missing: the checkpoint of {last.Value.At:u} names {last.Key}";
            if (whole) Find(node, chain.Head.Sequence + 1, what);
            else _notes.Add($"{node}: {what}. This is an extract, and may end earlier.");
        }
    }

    /// <summary>A chain that checkpoints name and nobody else: taken away, unless retention did it.</summary>
    private void CheckMissing(string node, long sequence, DateTimeOffset named)
    {
        if (IsDropped(node, sequence)) _notes.Add($"{node}: retention dropped all its records.");
        else if (_oldest < long.MaxValue && named.UtcTicks < _oldest) _notes.Add($"{node}: last named by a checkpoint of {named:u}, before the oldest record that is kept.");
        else Find(node, 0, $"the whole chain is missing: the checkpoint of {named:u} names {sequence} records");
    }

    private bool IsDropped(string node, long sequence) => _dropped.Keys.Any(point => point.Node == node && point.Sequence >= sequence);

    /// <summary>What is missing in front was dropped by retention, if the trail itself or a checkpoint tells where the chain stood there.</summary>
    private void CheckFront(string node, ChainState chain, SortedDictionary<long, (Hash Chain, DateTimeOffset At)>? points, bool whole)
    {
        var before = chain.First - 1;
        var told = _dropped.Keys.FirstOrDefault(point => point.Node == node && point.Sequence == before)?.Chain;
        if (told is null && points?.TryGetValue(before, out var said) == true) told = said.Chain;
        if (told is { } hash)
        {
            if (!chain.FirstRecord!.Follows(new(before, hash))) Find(node, chain.First, "it does not follow on what retention dropped before it");
            else _notes.Add($"{node}: retention dropped the records up to {before}.");
        }
        else if (whole) Find(node, 1, $"it and all up to {before} are missing, and no retention record says that they were dropped");
        else _notes.Add($"{node}: the extract begins with record {chain.First}.");
    }

    private void NoteRetention(ChainedRecord record)
    {
        if (record.Body.Span.IndexOf("\"act\":\"retention\""u8) < 0) return;
        try
        {
            using var body = JsonDocument.Parse(record.Body);
            if (body.RootElement.GetProperty("kind").GetString() != "audit") return;
            var details = body.RootElement.GetProperty("details");
            var sequence = long.Parse(details.GetProperty("sequence").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            _dropped[new(details.GetProperty("node").GetString()!, sequence, new(Convert.FromHexString(details.GetProperty("chain").GetString()!)))] = true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            // It vouches for nothing.
        }
    }

    private ChainState StateOf(string node)
    {
        if (!_chains.TryGetValue(node, out var chain)) _chains[node] = chain = new(ChainHead.Start(node));
        return chain;
    }

    private void Find(string node, long sequence, string what)
    {
        if (_findings.Count < MostFindings) _findings.Add(new(node, sequence, what));
    }

    private sealed class ChainState(ChainHead start)
    {
        /// <summary>More than a drain sends at once, and so may send again.</summary>
        private const int Remembered = 16_384;

        private readonly ChainHead[] _recent = new ChainHead[Remembered];

        public ChainHead Head { get; private set; } = start;

        public long First { get; set; }

        public ChainedRecord? FirstRecord { get; private set; }

        public long Records { get; set; }

        /// <summary>How many records the store says it has.</summary>
        public long Counted { get; set; }

        public long TakenOut { get; set; }

        /// <summary>The last record of which a checkpoint says the same.</summary>
        public long Agreed { get; set; }

        public void Take(ChainedRecord record)
        {
            FirstRecord ??= record;
            Head = new(record.Sequence, record.Chain);
            _recent[record.Sequence & (Remembered - 1)] = Head;
        }

        /// <summary>Whether this very record came a short while ago.</summary>
        public bool HasTaken(ChainedRecord record) => _recent[record.Sequence & (Remembered - 1)] == new ChainHead(record.Sequence, record.Chain);
    }
}
