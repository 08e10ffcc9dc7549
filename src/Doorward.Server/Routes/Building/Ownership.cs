using Doorward.Policy;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>An object as one of its sources wrote it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What is written.</param>
/// <param name="Source">Who keeps it.</param>
/// <param name="Place">Where it is written.</param>
internal sealed record Written<T>(string Name, T Value, ObjectSource Source, Place Place);

/// <summary>Each object has exactly one source: of several with the same name, one counts and all are told.</summary>
internal static class Ownership
{
    /// <summary>Parts those that count from those that came later under a name already taken.</summary>
    /// <param name="written">In the order of the sources.</param>
    /// <param name="noun">With its article.</param>
    /// <param name="holder">The source that held a name before; it goes on holding it.</param>
    /// <param name="findings">Gains the clashes.</param>
    public static (List<Written<T>> Counting, List<Written<T>> Late) Settle<T>(
        IEnumerable<Written<T>> written, string noun, Func<string, ObjectSource?> holder, Findings findings)
    {
        var all = written as IReadOnlyList<Written<T>> ?? [.. written];
        // Names are nearly always unique, and there may be a hundred thousand.
        if (all.DistinctBy(one => one.Name, StringComparer.Ordinal).Count() == all.Count) return ([.. all], []);
        return Part(all, noun, holder, findings);
    }

    private static (List<Written<T>> Counting, List<Written<T>> Late) Part<T>(
        IReadOnlyList<Written<T>> written, string noun, Func<string, ObjectSource?> holder, Findings findings)
    {
        var counting = new List<Written<T>>();
        var late = new List<Written<T>>();
        foreach (var same in written.GroupBy(one => one.Name, StringComparer.Ordinal))
        {
            var all = same.ToList();
            var first = all.Find(one => one.Source == holder(same.Key)) ?? all[0];
            counting.Add(first);
            foreach (var other in all.Where(one => !ReferenceEquals(one, first)))
            {
                late.Add(other);
                if (other.Source == first.Source) TellTwice(other, first, noun, findings);
                else TellBoth(other, first, noun, findings);
            }
        }

        return (counting, late);
    }

    private static void TellTwice<T>(Written<T> other, Written<T> first, string noun, Findings findings) =>
        findings.Error("DW2016", $"There is already {noun} «{other.Name}», at {first.Place}.", "Give one of them another name, or remove it.", other.Place);

    private static void TellBoth<T>(Written<T> other, Written<T> first, string noun, Findings findings)
    {
        foreach (var (one, another) in new[] { (other, first), (first, other) })
            findings.Error("DW2017", $"{Capital(noun)} «{one.Name}» comes from {Words(one.Source)} and from {Words(another.Source)}, at {another.Place}.",
                $"Keep one of them. Until then the one from {Words(first.Source)} counts, which was there first.", one.Place);
    }

    private static string Capital(string noun) => char.ToUpperInvariant(noun[0]) + noun[1..];

    private static string Words(ObjectSource source) => source switch
    {
        ObjectSource.File => "the file",
        ObjectSource.Console => "the console",
        _ => "Kubernetes",
    };
}
