using Doorward.Server.Audit.Archive;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Audit.Checkpoints;

/// <summary>Signs where all chains stand, and takes it outside. Every node does; one whose checkpoints reach the outside is enough.</summary>
internal sealed class CheckpointMaker(
    Database database, RecordArchive archive, SigningKeys keys, AuditTrail trail, IReadOnlyList<ICheckpointKeeper> keepers, TimeProvider time)
{
    private readonly Dictionary<string, string> _troubles = [];
    private IReadOnlyList<ChainPoint> _last = [];

    /// <summary>What keeps checkpoints from a place outside, by its name.</summary>
    public IReadOnlyDictionary<string, string> Troubles
    {
        get { lock (_troubles) return new Dictionary<string, string>(_troubles); }
    }

    /// <summary>Makes one, if any chain has moved since the last.</summary>
    /// <returns>Its line; null where nothing has moved.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var points = (await archive.ChainsAsync(cancellation)).Where(point => point.Sequence > 0).ToList();
        if (points.SequenceEqual(_last)) return null;
        var checkpoint = new Checkpoint(time.GetUtcNow(), trail.Node, points);
        var line = checkpoint.ToLine(keys.Active(KeyPurpose.Checkpoint));
        await database.WriteAsync(transaction => transaction.ExecuteAsync(
            "INSERT INTO audit_checkpoints (at, node, signed) VALUES (@at, @node, @line) ON CONFLICT (at, node) DO NOTHING",
            new { at = checkpoint.At.ToUnixTimeMilliseconds(), node = checkpoint.By, line }), cancellation);
        foreach (var keeper in keepers) await KeepAsync(keeper, checkpoint, line, cancellation);
        // Where it did not reach, the next one does, even if nothing moves.
        if (Troubles.Count == 0) _last = points;
        return line;
    }

    private async Task KeepAsync(ICheckpointKeeper keeper, Checkpoint checkpoint, string line, CancellationToken cancellation)
    {
        string? trouble = null;
        try
        {
            await keeper.KeepAsync(checkpoint, line, cancellation);
        }
        // One place that is away must not keep the line from the others.
        catch (Exception failure) when (failure is IOException or HttpRequestException or UnauthorizedAccessException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            trouble = failure.Message;
        }
        lock (_troubles)
        {
            if (trouble is null) _troubles.Remove(keeper.Name);
            else _troubles[keeper.Name] = trouble;
        }
    }
}
