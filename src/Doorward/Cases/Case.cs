using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Cases;

/// <summary>One case: what is known, and what the policy is to answer.</summary>
internal sealed record Case(string Name, Place Place, Facts Facts, Expectation Expected)
{
    /// <summary>Reads a case.</summary>
    /// <param name="fields">The case.</param>
    /// <param name="number">Its number in the file, from 1: the name of one without a name.</param>
    /// <param name="shared">Facts that all cases of the file share; a part that the case has itself replaces the shared one.</param>
    /// <param name="problems">Gains every problem found.</param>
    public static Case Read(Fields fields, int number, Node? shared, ICollection<Problem> problems) => new(
        fields.Text("name") ?? $"case {number}",
        fields.Place,
        FactsReader.Read(Join(shared, fields.Take("facts")), problems),
        Expectation.Read(fields.Take("expect"), problems));

    private static Node? Join(Node? shared, Node? own) => (shared, own) switch
    {
        (null, _) => own,
        (_, null) => shared,
        (MappingNode all, MappingNode one) => one with { Entries = [.. one.Entries, .. all.Entries.Where(entry => one[entry.Key] is null)] },
        _ => own,
    };
}
