using System.Collections.Concurrent;
using System.Diagnostics;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>What was taken away, and when it was acknowledged; what never was acknowledged may count or not.</summary>
/// <param name="How">As the administration or the directory was asked.</param>
/// <param name="Member">From whom.</param>
internal sealed record TakenAway(string How, Member Member)
{
    /// <summary>By the stopwatch's timestamp; 0 while it is not.</summary>
    public long Acknowledged { get; set; }
}

/// <summary>A request, and when it began.</summary>
internal sealed record Asked(Member Member, string Node, string Path, long Began, int Status, string Body);

/// <summary>A life of a node, a pause or a partition: told with a failure, so that it can be understood.</summary>
internal sealed record Befell(long At, string What);

/// <summary>Everything that happened, by one clock; judged afterwards.</summary>
internal sealed class History
{
    public ConcurrentQueue<TakenAway> Taken { get; } = [];

    public ConcurrentQueue<Asked> Asked { get; } = [];

    public ConcurrentQueue<Befell> Befell { get; } = [];

    public void Note(string what) => Befell.Enqueue(new(Stopwatch.GetTimestamp(), what));

    /// <summary>Requests that were allowed although they began later than the limit after their revocation was acknowledged.</summary>
    public IEnumerable<string> AllowedTooLate(TimeSpan limit)
    {
        var acknowledged = Taken.Where(taken => taken.Acknowledged != 0).ToLookup(taken => taken.Member);
        return from asked in Asked
               where asked.Status == 200
               from taken in acknowledged[asked.Member]
               let after = Stopwatch.GetElapsedTime(taken.Acknowledged, asked.Began)
               where after > limit
               select $"{asked.Node} allowed {asked.Path} {after.TotalSeconds:F3} s after {taken.How}; before it: {string.Join(", ", Before(asked.Began))}";
    }

    /// <summary>Answers with somebody else's identity.</summary>
    public IEnumerable<string> Mistaken() => from asked in Asked where asked.Status == 200 && asked.Body != asked.Member.Person select $"{asked}";

    /// <summary>Answers that no fault explains: a fault of ours, or a sign-in asked of somebody from whom nothing was taken.</summary>
    public IEnumerable<string> Unexplained()
    {
        var touched = Taken.Select(taken => taken.Member).ToHashSet();
        return from asked in Asked
               where asked.Status is not (200 or 503) && !(asked.Status is 401 or 403 && touched.Contains(asked.Member))
               select $"{asked}; before it: {string.Join(", ", Before(asked.Began))}";
    }

    private IEnumerable<string> Before(long instant) => Befell.Where(one => one.At <= instant).TakeLast(6).Select(one => $"{Stopwatch.GetElapsedTime(one.At, instant).TotalSeconds:F1} s: {one.What}");
}
