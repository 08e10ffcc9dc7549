using System.Data.Common;
using System.Security.Cryptography.X509Certificates;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server;

/// <summary>From what the operator wrote about the audit trail to the trail, its sinks and its duties.</summary>
internal static class Auditing
{
    /// <summary>A store that is away keeps nobody from starting; it is only asked how far it knows this folder's chain.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Where the space is small, its segments are: a sink that is away may keep half of them, and the rest must not be one or two.</summary>
    private const int LeastSegments = 8;

    /// <summary>About 20,000 records, made ready in a tenth of a second on a small disk.</summary>
    private const int LargestSegment = 16 * 1024 * 1024;

    /// <summary>Opens the trail. Null where it cannot be kept: a server without a trail does not start.</summary>
    public static async Task<AuditTrail?> OpenAsync(ConfigurationOptions settings, Database database, TimeProvider time, ICollection<Problem> problems)
    {
        var options = OptionsOf(settings);
        var place = settings.Audit.At(nameof(settings.Audit.Folder));
        try
        {
            var stored = AuditTrail.NodeIn(options.Folder) is { } node ? await AskAsync(database, node) : null;
            var trail = AuditTrail.Open(options, time, stored);
            if (trail.Anew is { } anew) problems.Add(AuditProblems.BegunAnew(options.Folder, anew.Former, trail.Node, anew.Why, place));
            return trail;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(AuditProblems.CannotOpen(options.Folder, failure.Message, place));
        }
        return null;
    }

    public static void AddAudit(this IServiceCollection services, ConfigurationOptions settings, AuditTrail trail, ServerStart start)
    {
        var audit = settings.Audit;
        services.AddSingleton(trail).AddSingleton<RecordArchive>().AddSingleton<PolicyArchive>().AddSingleton<Retention>().AddSingleton<Pseudonymisation>();
        services.AddSingleton(provider => new Drains(
            trail, OptionsOf(settings), new ArchiveSink(provider.GetRequiredService<Database>()), SinksOf(audit, start.RecordLines), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReadOnlyList<ICheckpointKeeper>>(KeepersOf(audit.Checkpoints, start.Time)).AddSingleton<CheckpointMaker>();
        services.AddSingleton(new AuditSchedule(audit.Checkpoints.Every, audit.KeepDays)).AddHostedService<AuditService>().AddHostedService<PolicyKeeper>();
        services.AddSingleton<AuditMetrics>();
    }

    public static HealthPart HealthOf(AuditTrail trail, Drains drains, CheckpointMaker checkpoints)
    {
        var health = trail.Health;
        if (!health.Writes) return new("audit", HealthState.Down, health.Trouble ?? "no room for another record");
        List<string> troubles = [.. drains.All.Where(drain => drain.Trouble is not null).Select(drain => $"{drain.Name}: {drain.Trouble}")];
        troubles.AddRange(checkpoints.Troubles.Select(trouble => $"checkpoints to {trouble.Key}: {trouble.Value}"));
        troubles.AddRange(drains.All.Where(drain => drain.Missed > 0).Select(drain => $"{drain.Name} was away for so long that it missed {Wording.Count(drain.Missed, "record")}"));
        if (health.Trouble is { } trouble) troubles.Add(trouble);
        if (health.Lost > 0) troubles.Add(Wording.Count(health.Lost, "end of a connection was lost", "ends of connections were lost"));
        return troubles.Count == 0 ? new("audit", HealthState.Ok, "written") : new("audit", HealthState.Degraded, string.Join("; ", troubles));
    }

    private static AuditOptions OptionsOf(ConfigurationOptions settings) => new()
    {
        Folder = settings.Audit.Folder ?? (settings.Store.Sqlite is { } file ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "audit") : "/var/lib/doorward/audit"),
        SpaceBytes = settings.Audit.Space.Bytes,
        SegmentBytes = (int)Math.Min(settings.Audit.Space.Bytes / LeastSegments, LargestSegment),
        Strict = settings.Audit.Strict,
    };

    private static async Task<StoredChain> AskAsync(Database database, string node)
    {
        try
        {
            return new(true, await database.ReadAsync(store => RecordArchive.ChainAsync(store, node), _patience));
        }
        catch (StoreUnavailableException)
        {
            return new(false, null);
        }
        catch (DbException)
        {
            // A store that was not used yet has no table to ask.
            return new(true, null);
        }
    }

    private static List<IRecordSink> SinksOf(TrailOptions audit, bool stdout)
    {
        var sinks = new List<IRecordSink>();
        if (audit.Stdout && stdout) sinks.Add(new LinesSink(path: null));
        if (audit.File is { } file) sinks.Add(new LinesSink(file));
        if (audit.Syslog is { Url: { } receiver } syslog) sinks.Add(new SyslogSink(new()
        {
            Host = receiver.IdnHost,
            Port = receiver.Port > 0 ? receiver.Port : 6514,
            Authorities = syslog.Ca is { } ca ? Pems(ca.Value) : null,
            Certificate = syslog is { Cert: { } cert, Key: { } key } ? X509Certificate2.CreateFromPem(cert.Value, key.Value) : null,
        }));
        if (audit.Otlp is { Url: { } collector } otlp) sinks.Add(new OtlpSink(Client(), collector, otlp.Authorization?.Value));
        return sinks;
    }

    private static List<ICheckpointKeeper> KeepersOf(CheckpointOptions options, TimeProvider time)
    {
        var keepers = new List<ICheckpointKeeper>();
        if (options.File is { } file) keepers.Add(new FileKeeper(file));
        if (options.S3 is { Bucket: { } bucket } s3) keepers.Add(new S3Keeper(
            new() { Bucket = bucket, Region = s3.Region!, AccessKey = s3.AccessKey!, SecretKey = s3.SecretKey!.Value, Prefix = s3.Prefix, RetainDays = s3.RetainDays }, Client(), time));
        return keepers;
    }

    private static X509Certificate2Collection Pems(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private static HttpClient Client() => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = null })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };
}
