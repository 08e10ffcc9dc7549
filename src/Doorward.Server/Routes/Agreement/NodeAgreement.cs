using Doorward.Server.Audit;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store;

namespace Doorward.Server.Routes.Agreement;

/// <summary>
/// Whether all nodes serve the same configuration: each tells the store which one it serves, and looks what the others tell. They may
/// differ for as long as a change takes to reach them all; then somebody must look. Each serves on all the same.
/// </summary>
internal sealed class NodeAgreement(Database database, AuditTrail trail, CurrentConfiguration current, TimeProvider time)
{
    /// <summary>How long nodes may differ before it is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A node that has said nothing for so long is gone.</summary>
    private static readonly TimeSpan _gone = TimeSpan.FromSeconds(30);

    private int _nodes, _others;
    private long _since;

    /// <summary>Nodes that serve another configuration than this one, as of the last look.</summary>
    public int Others => Volatile.Read(ref _others);

    /// <summary>What health says about it.</summary>
    public HealthPart Health()
    {
        var (others, mine) = (Others, current.Value.SharedHash[..12]);
        if (others == 0) return new("nodes", HealthState.Ok, $"all {Math.Max(1, _nodes)} serve version {mine}");
        var differing = time.GetElapsedTime(Volatile.Read(ref _since));
        return new("nodes", differing < Patience ? HealthState.Ok : HealthState.Degraded, $"{others} of {_nodes} serve another version than {mine}, for {differing.TotalSeconds:F0} s");
    }

    /// <summary>Tells the store, and looks what the others tell.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var mine = current.Value.SharedHash;
        var told = (await database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync(
                $"""
                INSERT INTO nodes (name, configuration, at) VALUES (@Node, @mine, {transaction.Now})
                ON CONFLICT (name) DO UPDATE SET configuration = @mine, at = {transaction.Now}
                """,
                new { trail.Node, mine });
            await transaction.ExecuteAsync($"DELETE FROM nodes WHERE at < {transaction.Now} - @gone", new { gone = (long)_gone.TotalMilliseconds });
            return await transaction.QueryAsync<string>("SELECT configuration FROM nodes");
        }, cancellation)).Value;
        var others = told.Count(configuration => configuration != mine);
        if (others > 0 && _others == 0) Volatile.Write(ref _since, time.GetTimestamp());
        Volatile.Write(ref _nodes, told.Count);
        Volatile.Write(ref _others, others);
    }
}
