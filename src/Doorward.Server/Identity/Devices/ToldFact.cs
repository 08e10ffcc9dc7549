using Doorward.Server.Store;

namespace Doorward.Server.Identity.Devices;

/// <summary>One thing that is known of a device, who told it, and when it was so by their clock.</summary>
internal sealed record ToldFact
{
    private const string Columns = "device, name, value, source, at";

    public string Device { get; init; } = "";
    public string Name { get; init; } = "";
    public string Value { get; init; } = "";
    public string Source { get; init; } = "";
    public long At { get; init; }

    public DateTimeOffset When => DateTimeOffset.FromUnixTimeMilliseconds(At);

    public static Task<IReadOnlyList<ToldFact>> OfAsync(StoreConnection connection, string device, string lockRows = "") =>
        connection.QueryAsync<ToldFact>($"SELECT {Columns} FROM device_facts WHERE device = @device ORDER BY name{lockRows}", new { device });

    /// <returns>Nothing is written where a newer word is kept already; of two of one instant, that a device does not comply.</returns>
    public async Task<bool> KeepAsync(Transaction transaction) => await transaction.ExecuteAsync(
        $"""
        INSERT INTO device_facts ({Columns}) VALUES (@Device, @Name, @Value, @Source, @At)
        ON CONFLICT (device, name) DO UPDATE SET value = @Value, source = @Source, at = @At
        WHERE device_facts.at < @At OR (device_facts.at = @At AND NOT (device_facts.name = 'compliant' AND device_facts.value = 'false'))
        """,
        this) == 1;
}
