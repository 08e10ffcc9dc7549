using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Checkpoints;

namespace Doorward.Server.Audit.Verification;

/// <summary>Verifies every record in the store.</summary>
internal static class ArchiveVerification
{
    public static async Task<VerifyReport> RunAsync(RecordArchive archive, IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellation)
    {
        var verifier = new ChainVerifier(checkpoints);
        foreach (var chain in await archive.ChainsAsync(cancellation))
        {
            verifier.Expect(chain.Node, chain.Sequence);
            await foreach (var page in archive.ReadChainAsync(chain.Node, cancellation)) verifier.Add(page);
        }
        return verifier.Finish(whole: true);
    }
}
