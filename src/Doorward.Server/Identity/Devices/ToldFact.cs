using Doorward.Server.Store;

namespace Doorward.Server.Identity.Devices;

/// <summary>One thing that is known of a device, who told it, and when it was so by their clock.</summary>
internal sealed record ToldFact
{
    private const string Columns = "device, name, value, source, at";

    /// <summary>The value of what was told in a way that cannot be read.</summary>
    public const string Unknown = "null";

    public string Device { get; init; } = "";
    public string Name { get; init; } = "";
    public string Value { get; init; } = "";
    public string Source { get; init; } = "";
    public long At { get; init; }

    public DateTimeOffset When => DateTimeOffset.FromUnixTimeMilliseconds(At);

    public bool IsKnown => Value != Unknown;

    /// <summary>Whether this counts instead of what is known: the newer word, and of two of one instant that a device does not comply.</summary>
    public bool Overtakes(ToldFact? known) =>
        known is null || known.At < At || (known.At == At && known.Value != Value && !(Name == Devices.Device.Compliant && known.Value == "false"));

    public static Task<IReadOnlyList<ToldFact>> OfAsync(StoreConnection connection, IReadOnlyList<string> devices, string lockRows = "")
    {
        var (listed, arguments) = Listed.Of(devices);
        return connection.QueryAsync<ToldFact>($"SELECT {Columns} FROM device_facts WHERE device IN {listed} ORDER BY device, name{lockRows}", arguments);
    }

    /// <summary>Keeps facts about different things, in the order in which every writer keeps them. Where a word that overtakes one came in between, that stays.</summary>
    public static Task KeepAsync(Transaction transaction, IEnumerable<ToldFact> facts) => transaction.ExecuteRowsAsync(
        $"""
        INSERT INTO device_facts ({Columns}) SELECT c0, c1, c2, c3, CAST(c4 AS bigint) FROM {transaction.Rows(5)} WHERE true ORDER BY row
        ON CONFLICT (device, name) DO UPDATE SET value = excluded.value, source = excluded.source, at = excluded.at
        WHERE device_facts.at < excluded.at OR (device_facts.at = excluded.at AND NOT (device_facts.name = 'compliant' AND device_facts.value = 'false'))
        """,
        facts.OrderBy(fact => fact.Device, StringComparer.Ordinal).ThenBy(fact => fact.Name, StringComparer.Ordinal).Select(fact => new object?[] { fact.Device, fact.Name, fact.Value, fact.Source, fact.At }));
}
