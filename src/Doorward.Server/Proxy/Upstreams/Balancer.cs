using System.IO.Hashing;
using System.Runtime.InteropServices;
using Doorward.Server.Routes;
using Yarp.ReverseProxy.Model;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Chooses a destination, by weight, among those that are well; where none is, among all: to try is better than to fail for certain.</summary>
internal sealed class Balancer(LoadBalancing kind, IReadOnlyList<Candidate> all)
{
    private readonly Choice _everybody = new(null, [.. all]);
    private Choice? _available;
    private int _turn = -1;

    /// <param name="watched">YARP's view of the same destinations; null where nobody watches their health.</param>
    /// <param name="key">What stays with one destination, where the route balances by session.</param>
    public Candidate Pick(ClusterState? watched, string key)
    {
        var choice = watched is null ? _everybody : Available(watched);
        var candidates = choice.Candidates;
        if (candidates.Length == 1)
            return candidates[0];
        return kind switch
        {
            LoadBalancing.LeastRequest => Least(candidates, Turn()),
            LoadBalancing.Random => Weighted(choice),
            LoadBalancing.PowerOfTwoChoices => Lighter(Weighted(choice), Weighted(choice)),
            LoadBalancing.Session => Rendezvous(candidates, key),
            _ => choice.Schedule[Turn() % (uint)choice.Schedule.Length],
        };
    }

    private uint Turn() => unchecked((uint)Interlocked.Increment(ref _turn));

    private Choice Available(ClusterState watched)
    {
        var listed = watched.DestinationsState.AvailableDestinations;
        var known = Volatile.Read(ref _available);
        if (known is not null && ReferenceEquals(known.Listed, listed))
            return known;
        Candidate[] well = [.. all.Where(candidate => listed.Any(destination => destination.DestinationId == candidate.Id))];
        known = well.Length == 0 ? new Choice(listed, _everybody.Candidates) : new Choice(listed, well);
        Volatile.Write(ref _available, known);
        return known;
    }

    private static Candidate Least(Candidate[] candidates, uint from)
    {
        var best = candidates[from % candidates.Length];
        for (var i = 1; i < candidates.Length; i++)
            best = Lighter(best, candidates[(from + i) % candidates.Length]);
        return best;
    }

    private static Candidate Lighter(Candidate a, Candidate b) => (long)b.Active * a.Weight < (long)a.Active * b.Weight ? b : a;

    private static Candidate Weighted(Choice choice)
    {
        var point = Random.Shared.Next(choice.TotalWeight);
        foreach (var candidate in choice.Candidates)
        {
            point -= candidate.Weight;
            if (point < 0)
                return candidate;
        }

        return choice.Candidates[^1];
    }

    /// <summary>The same key meets the same destination on every node, and losing one moves only its own keys (Thaler and Ravishankar, 1998).</summary>
    private static Candidate Rendezvous(Candidate[] candidates, string key)
    {
        var best = candidates[0];
        var highest = double.NegativeInfinity;
        var hash = (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
        foreach (var candidate in candidates)
        {
            var mixed = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(candidate.Prefix.AsSpan()), hash);
            // Uniform in (0, 1); the weight stretches the score (weighted rendezvous hashing).
            var score = candidate.Weight / -Math.Log(((mixed >> 11) + 0.5) / (1UL << 53));
            if (score <= highest)
                continue;
            highest = score;
            best = candidate;
        }

        return best;
    }

    private sealed class Choice(IReadOnlyList<DestinationState>? listed, Candidate[] candidates)
    {
        public IReadOnlyList<DestinationState>? Listed { get; } = listed;

        public Candidate[] Candidates { get; } = candidates;

        public int TotalWeight { get; } = candidates.Sum(candidate => candidate.Weight);

        public Candidate[] Schedule { get; } = Interleave(candidates);

        /// <summary>Each as often as it weighs, spread out evenly: whoever has waited longest for its share comes next.</summary>
        private static Candidate[] Interleave(Candidate[] candidates)
        {
            const int Longest = 1024;
            var divisor = candidates.Aggregate(0, (gcd, candidate) => Gcd(gcd, candidate.Weight));
            var total = candidates.Sum(candidate => candidate.Weight / divisor);
            var schedule = new Candidate[Math.Min(total, Longest)];
            var credit = new long[candidates.Length];
            for (var i = 0; i < schedule.Length; i++)
            {
                var next = 0;
                for (var c = 0; c < candidates.Length; c++)
                {
                    credit[c] += candidates[c].Weight / divisor;
                    if (credit[c] > credit[next])
                        next = c;
                }

                credit[next] -= total;
                schedule[i] = candidates[next];
            }

            return schedule;
        }

        private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
    }
}
