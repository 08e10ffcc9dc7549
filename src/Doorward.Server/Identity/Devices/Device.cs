using Doorward.Policy;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Devices;

/// <summary>A device, as far as somebody has told of it: perhaps not at all, and then it is not compliant either. Immutable.</summary>
internal sealed record Device
{
    /// <summary>The kind under which changes are told; the key is the device's id.</summary>
    public const string Kind = "device";

    /// <summary>The names of facts that every source means the same by.</summary>
    public const string Compliant = "compliant", Managed = "managed", Owner = "owner";

    // An administrator's word, not a source's.
    private const string Approved = "approved";

    public Device(string id, IReadOnlyList<ToldFact> told)
    {
        (Id, Told) = (id, told);
        var values = told.Where(fact => fact.IsKnown).ToDictionary(fact => fact.Name, fact => FactJson.ReadValue(fact.Value), StringComparer.Ordinal);
        Facts = new()
        {
            Id = id,
            Compliant = values.Remove(Compliant, out var compliant) ? compliant.Value as bool? : null,
            Attributes = values,
        };
    }

    /// <summary>Injective: the provider's name, which has no slash, and its name for the device.</summary>
    public string Id { get; }

    public IReadOnlyList<ToldFact> Told { get; }

    /// <summary>The highest level of risk last told; null where nobody has.</summary>
    public RiskLevel? Risk { get; init; }

    /// <summary>What is over on it, also where only a client certificate shows that it is on it.</summary>
    public IReadOnlyList<SessionEnd> Ends { get; init; } = [];

    /// <summary>What policies may know; made once per version.</summary>
    public DeviceFacts Facts { get; }

    public static async Task<Device> LoadAsync(StoreConnection connection, string id) => (await LoadAsync(connection, [id]))[0];

    /// <summary>What is known of these, perhaps nothing.</summary>
    public static async Task<IReadOnlyList<Device>> LoadAsync(StoreConnection connection, IReadOnlyList<string> ids)
    {
        var told = (await ToldFact.OfAsync(connection, ids)).ToLookup(fact => fact.Device, StringComparer.Ordinal);
        var asked = $"(SELECT c0 AS id FROM {connection.Rows(1)})";
        var (rows, said) = await connection.QueryAsync<Row, SessionEnd>(
            $"SELECT id, {RiskLevels.Column(RiskLevels.Device, "asked.id")} FROM {asked} AS asked; {SessionEnds.On(asked)}", new { rows = Listed.Json(ids.Select(id => new object?[] { id })) });
        var ends = said.ToLookup(end => end.Device, StringComparer.Ordinal);
        return [.. rows.Select(row => new Device(row.Id, [.. told[row.Id]]) { Risk = RiskLevels.Read(row.Risk), Ends = [.. ends[row.Id]] })];
    }

    public static string IdOf(string provider, string device) => $"{provider}/{device}";

    public static bool IsReserved(string name) => name is Compliant or Managed or Owner or Approved;

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public long Risk { get; init; }
    }
}
