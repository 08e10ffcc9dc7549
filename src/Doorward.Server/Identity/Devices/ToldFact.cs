using System.Globalization;
using System.Text;
using Dapper;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Devices;

/// <summary>One thing that is known of a device, who told it, and when it was so by their clock.</summary>
internal sealed record ToldFact
{
    private const string Columns = "device, name, value, source, at";

    /// <summary>The value of what was told in a way that cannot be read.</summary>
    public const string Unknown = "null";

    private const int RowsPerStatement = 200;

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
    public static async Task KeepAsync(Transaction transaction, IEnumerable<ToldFact> facts)
    {
        foreach (var chunk in facts.OrderBy(fact => fact.Device, StringComparer.Ordinal).ThenBy(fact => fact.Name, StringComparer.Ordinal).Chunk(RowsPerStatement))
        {
            var (sql, arguments) = (new StringBuilder($"INSERT INTO device_facts ({Columns}) VALUES "), new DynamicParameters());
            for (var i = 0; i < chunk.Length; i++)
            {
                sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}(@d{i}, @n{i}, @v{i}, @s{i}, @a{i})");
                arguments.Add($"d{i}", chunk[i].Device);
                arguments.Add($"n{i}", chunk[i].Name);
                arguments.Add($"v{i}", chunk[i].Value);
                arguments.Add($"s{i}", chunk[i].Source);
                arguments.Add($"a{i}", chunk[i].At);
            }
            sql.Append(
                """
                 ON CONFLICT (device, name) DO UPDATE SET value = excluded.value, source = excluded.source, at = excluded.at
                WHERE device_facts.at < excluded.at OR (device_facts.at = excluded.at AND NOT (device_facts.name = 'compliant' AND device_facts.value = 'false'))
                """);
            await transaction.ExecuteAsync(sql.ToString(), arguments);
        }
    }
}
