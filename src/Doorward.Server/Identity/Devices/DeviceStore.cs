using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Devices;

/// <summary>What sources tell of devices. It counts on every node once the write has returned; it completes even if its caller has gone.</summary>
internal sealed class DeviceStore(Database database, TimeProvider time)
{
    /// <summary>Devices that are read and written together: a message may tell of a thousand, and the store answers within its deadline.</summary>
    private const int Batch = 50;

    /// <inheritdoc cref="TellAsync(Transaction, IReadOnlyList{DeviceReport}, DateTimeOffset, string?)"/>
    public async Task<bool> TellAsync(DeviceReport report) =>
        (await database.WriteAsync(transaction => TellAsync(transaction, [report], time.GetUtcNow()), CancellationToken.None)).Value > 0;

    /// <summary>Keeps what a source says, where it is not older than what is known.</summary>
    /// <param name="transaction">A receiver's own, in which it also notes that it has this message.</param>
    /// <param name="reports">What it says, of one device or of many.</param>
    /// <param name="now">A report from the future counts as of now: a clock that runs ahead outlasts nobody's later word.</param>
    /// <param name="cause">What told of it, for the records of what ends by it.</param>
    /// <returns>Of how many devices anything is now known otherwise; only of those the nodes are told.</returns>
    public static async Task<int> TellAsync(Transaction transaction, IReadOnlyList<DeviceReport> reports, DateTimeOffset now, string? cause = null)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        // In one order on every node, so that two do not wait for each other.
        foreach (var devices in reports.GroupBy(report => report.Id).OrderBy(device => device.Key, StringComparer.Ordinal).Chunk(Batch))
        {
            var known = (await ToldFact.OfAsync(transaction, [.. devices.Select(device => device.Key)], transaction.ForUpdate)).ToDictionary(fact => (fact.Device, fact.Name));
            var next = new Dictionary<(string Device, string Name), ToldFact>();
            foreach (var told in devices.SelectMany(device => device).SelectMany(report => FactsOf(report, now)))
            {
                var key = (told.Device, told.Name);
                if (told.Overtakes(next.GetValueOrDefault(key) ?? known.GetValueOrDefault(key))) next[key] = told;
            }
            await ToldFact.KeepAsync(transaction, next.Values);
            changed.UnionWith(next.Where(pair => known.GetValueOrDefault(pair.Key)?.Value != pair.Value.Value).Select(pair => pair.Key.Device));
        }
        foreach (var id in changed) transaction.Changed(Device.Kind, id, cause);
        return changed.Count;
    }

    /// <summary>What is known of a device, perhaps nothing.</summary>
    public Task<Device> GetAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => Device.LoadAsync(connection, id), cancellation);

    /// <summary>A device by its whole id; null where nobody has told of it and no session is on it.</summary>
    public Task<KnownDevice?> FindAsync(string id, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        var known = new KnownDevice(await Device.LoadAsync(connection, id), await SessionsAsync(connection, id));
        return known is { Device: { Told.Count: 0, Risk: null }, Sessions.Count: 0 } ? null : known;
    }, cancellation);

    /// <summary>Devices that somebody told of or that open sessions are on, by the beginning of their id.</summary>
    public Task<IReadOnlyList<KnownDevice>> ListAsync(string? text, int most, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<KnownDevice>>(async connection =>
    {
        var pattern = (text ?? "").Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%";
        var ids = await connection.QueryAsync<string>(
            "SELECT id FROM (SELECT device AS id FROM device_facts UNION SELECT device FROM sessions WHERE device IS NOT NULL) AS known WHERE id LIKE @pattern ESCAPE '!' ORDER BY id LIMIT @most",
            new { pattern, most });
        var devices = new List<KnownDevice>(ids.Count);
        foreach (var id in ids) devices.Add(new(await Device.LoadAsync(connection, id), await SessionsAsync(connection, id)));
        return devices;
    }, cancellation);

    private static IEnumerable<ToldFact> FactsOf(DeviceReport report, DateTimeOffset now)
    {
        var at = Math.Min(report.At.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
        return report.Facts.Select(fact => new ToldFact { Device = report.Id, Name = fact.Key, Value = fact.Value is { } value ? FactJson.WriteValue(value) : ToldFact.Unknown, Source = report.Source, At = at });
    }

    private Task<IReadOnlyList<DeviceSession>> SessionsAsync(StoreConnection connection, string id) => connection.QueryAsync<DeviceSession>(
        "SELECT id, person FROM sessions WHERE device = @id AND expires > @now AND epoch = (SELECT epoch FROM feed) ORDER BY last_activity DESC",
        new { id, now = time.GetUtcNow().ToUnixTimeMilliseconds() });
}

/// <summary>A device and the open sessions that were begun on it.</summary>
internal sealed record KnownDevice(Device Device, IReadOnlyList<DeviceSession> Sessions);

/// <summary>An open session and whose it is.</summary>
internal sealed record DeviceSession
{
    public string Id { get; init; } = "";
    public string Person { get; init; } = "";
}
