using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Console;

namespace Doorward.Cases;

/// <summary>Locks, each a mapping of one key: <c>{ person: u1 }</c>, <c>{ address: 10.0.0.0/8 }</c>.</summary>
internal static class LocksReader
{
    public static LockSet Read(Fields facts)
    {
        if (facts.Take("locks") is not { } node) return LockSet.None;
        if (node is not SequenceNode list)
        {
            facts.Report(node, "locks", "a list such as [ { person: u1 } ]");
            return LockSet.None;
        }

        var locks = new List<Policy.Lock>();
        foreach (var item in list.Items)
        {
            if (item is MappingNode { Entries: [{ Value: ScalarNode { Kind: ScalarKind.Text } key } entry] } && Words.Locks.TryGetValue(entry.Key, out var kind))
                locks.Add(new(kind, key.Text));
            else
                facts.Report(item, "locks", $"one key, {string.Join(", ", Words.Locks.Keys)}, and which one: {{ person: u1 }}");
        }

        return locks.Count == 0 ? LockSet.None : new(locks);
    }
}
