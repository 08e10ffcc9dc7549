using System.Diagnostics;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Store;

namespace Doorward.AuditBench;

/// <summary>How long questions to a full store take, and how fast its records verify, there and as lines of a file.</summary>
internal static class AskBench
{
    private const int Rounds = 5;

    public static async Task RunAsync(StoreOptions options)
    {
        await using var database = await DrainBench.OpenAsync(options);
        var archive = new RecordArchive(database);
        await AskAsync("by person", archive, new() { Person = Sample.PersonOf(17) });
        await AskAsync("by route", archive, new() { Route = Sample.RouteOf(17) });
        await AskAsync("by person, the newest 10,000", archive, new() { Person = Sample.PersonOf(17), Limit = 10_000 });
        await AskAsync("by route, an outcome that no record has", archive, new() { Route = Sample.RouteOf(17), Outcome = "deny" });
        await AskAsync("by request", archive, new() { RequestId = $"r{4711:D18}" });

        await VerifyAsync("in the store", () => ArchiveVerification.RunAsync(archive, [], CancellationToken.None));
        var file = Path.GetTempFileName();
        try
        {
            await using (var lines = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20))
                foreach (var chain in await archive.ChainsAsync(CancellationToken.None))
                    await foreach (var page in archive.ReadChainAsync(chain.Node, CancellationToken.None))
                        foreach (var record in page) await lines.WriteAsync(RecordLine.Of(record));
            await VerifyAsync("in a file", () =>
            {
                var verifier = new ChainVerifier([]);
                foreach (var page in RecordLines.ReadFile(file, [])) verifier.Add(page);
                return Task.FromResult(verifier.Finish(whole: true));
            });
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task AskAsync(string what, RecordArchive archive, RecordQuery query)
    {
        var (found, times) = (0, new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            found = (await archive.FindAsync(query, CancellationToken.None)).Count;
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        System.Console.WriteLine($"query {what}: {Median(times):F1} ms, {found} records");
    }

    private static async Task VerifyAsync(string where, Func<Task<VerifyReport>> verify)
    {
        var (records, rates) = (0L, new List<double>());
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var report = await verify();
            if (!report.IsSound) throw new InvalidOperationException(report.Findings[0].ToString());
            records = report.Chains.Sum(chain => chain.Records);
            rates.Add(records / watch.Elapsed.TotalSeconds);
        }
        System.Console.WriteLine($"verify {where}: {Median(rates):N0} records a second, of {records:N0}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
