using System.Diagnostics;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Store;

namespace Doorward.AuditBench;

/// <summary>How many records a second go through segments into the store, for as long as it takes to bring in all of them. Pin it to one core.</summary>
internal static class DrainBench
{
    /// <summary>So many records may wait in the segments: the drain is measured, not the appending, and the space does not run out.</summary>
    private const int Ahead = 100_000;

    public static async Task RunAsync(StoreOptions options, int records)
    {
        await using var database = await OpenAsync(options);
        var folder = Directory.CreateTempSubdirectory("doorward-bench-").FullName;
        try
        {
            var audit = new AuditOptions { Folder = folder };
            await using var trail = AuditTrail.Open(audit, TimeProvider.System);
            await using var drains = new Drains(trail, audit, new ArchiveSink(database), [], TimeProvider.System);
            using var process = Process.GetCurrentProcess();
            var (cpu, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
            for (var i = 0; i < records / 2; i++)
            {
                if (i % 100 == 0)
                    while (2 * i - drains.Store!.Taken > Ahead) await Task.Delay(1);
                var id = $"r{i:D18}";
                if (await trail.Append(Sample.Decision(i, id)) == Appended.Refused) throw new InvalidOperationException("refused");
                trail.Append(Sample.End(id));
            }
            await trail.FlushAsync();
            while (drains.Store!.Taken < trail.Durable.Mark.Head.Sequence)
            {
                if (drains.Store.Trouble is { } trouble) throw new InvalidOperationException(trouble);
                await Task.Delay(1);
            }
            process.Refresh();
            var used = (process.TotalProcessorTime - cpu).TotalMicroseconds / records;
            System.Console.WriteLine($"{database.Name}: {records / watch.Elapsed.TotalSeconds:N0} records a second into segments and store, {used:F1} us CPU a record");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task<Database> OpenAsync(StoreOptions options)
    {
        var problems = new List<Problem>();
        var database = Database.Open(options with { Deadline = TimeSpan.FromMinutes(2) }, TimeProvider.System, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
        await Schema.MigrateAsync(database, options.Place, CancellationToken.None);
        return database;
    }
}
