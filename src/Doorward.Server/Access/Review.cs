using System.Threading.Channels;
using Doorward.Server.Access.Locks;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store.Feed;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Access;

/// <summary>
/// Judges live connections again when something has changed that they stand on, and each second those whose time has come. Runs on
/// its own, beside the requests; whoever tells of a change does not wait for it, and it completes even if they have gone.
/// </summary>
internal sealed partial class Review(LiveConnections live, Callers callers, Generation generation, TimeProvider time, ILogger<Review> log) : BackgroundService
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Callers that memory does not know, looked up in the store at once.</summary>
    private const int AtOnce = 32;

    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private long _nextLook = long.MaxValue;

    /// <summary>The change feed applied this; null: everything may have changed.</summary>
    public void Heard(IReadOnlyList<Change>? changes) => Post(new Work(changes is null ? WorkKind.Everything : WorkKind.Changes, "the store's facts were loaded anew", changes));

    /// <summary>Something that every answer may stand on was replaced, such as the configuration.</summary>
    public void Replaced(string cause) => Post(new Work(WorkKind.Everything, cause));

    /// <summary>
    /// A connection was opened on a judgement that read everything after the generation was <paramref name="seen"/>. Whatever changed before
    /// it was opened, no review of the others has seen it.
    /// </summary>
    public void Opened(Connection connection, long seen)
    {
        if (generation.Current != seen) Post(new Work(WorkKind.One, "a change on the way in") { Connection = connection });
        else if (connection.Due < Volatile.Read(ref _nextLook)) Post(new Work(WorkKind.Look, ""));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => Post(new Work(WorkKind.Look, "")), null, Second, Second);
        await foreach (var work in _work.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await DoAsync(work, stoppingToken);
                // An end between two looks gets a look of its own.
                if (work.Kind == WorkKind.Look) timer.Change(UntilNextLook(), Second);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFault(log, work.Cause, fault);
            }
        }
    }

    private Task DoAsync(Work work, CancellationToken cancellation) => work switch
    {
        { Kind: WorkKind.Look } => LookAsync(cancellation),
        { Kind: WorkKind.One, Connection: { } one } => JudgeAsync([one], work.Cause, work.Since, cancellation),
        { Kind: WorkKind.Changes, Changes: { } changes } => TakeAsync(changes, work.Since, cancellation),
        _ => JudgeAsync(live.Where(_ => true), work.Cause, work.Since, cancellation),
    };

    private Task TakeAsync(IReadOnlyList<Change> changes, long since, CancellationToken cancellation)
    {
        var touched = new List<(Connection, string)>();
        Dictionary<string, string?>? persons = null, devices = null;
        foreach (var change in changes)
        {
            switch (change.Kind)
            {
                case SessionRow.Kind:
                    foreach (var connection in live.OfSession(change.Key)) touched.Add((connection, change.Cause ?? "session changed"));
                    break;
                case PersonRow.Kind:
                    (persons ??= new(StringComparer.Ordinal))[change.Key] = change.Cause;
                    break;
                case Device.Kind:
                    (devices ??= new(StringComparer.Ordinal))[change.Key] = change.Cause;
                    break;
            }
        }
        // In batches: ten thousand changes of persons are one walk.
        if (persons is not null)
            foreach (var connection in live.Where(connection => connection.Session is { } session && persons.ContainsKey(session.PersonId)))
                touched.Add((connection, persons[connection.Session!.PersonId] ?? "person changed"));
        if (devices is not null)
            foreach (var connection in live.Where(connection => connection.Device is { } device && devices.ContainsKey(device)))
                touched.Add((connection, devices.GetValueOrDefault(connection.Device ?? "") ?? "device changed"));
        if (changes.Any(change => change.Kind == ServiceAccountStore.Kind))
            foreach (var connection in live.Where(connection => connection.Session?.ServiceAccount is not null)) touched.Add((connection, "service account changed"));
        if (changes.FirstOrDefault(change => change.Kind == LockStore.Kind) is { Key: { } key })
            foreach (var connection in live.Where(_ => true)) touched.Add((connection, $"lock {key}"));
        return JudgeAsync(touched, since, cancellation);
    }

    /// <summary>What time alone changes: leases that end, facts that grow too old, connections held for too long.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcTicks;
        var since = time.GetTimestamp();
        await JudgeAsync(live.Where(connection => connection.Due <= now || (connection.State == ConnectionState.Held && !live.IsTooOld(connection))), "time", since, cancellation);
        foreach (var connection in live.Where(live.IsTooOld)) connection.Hold("stale facts", since);
        foreach (var connection in live.Where(connection => connection.State == ConnectionState.Held && time.GetElapsedTime(connection.HeldSince) >= connection.Route.Staleness.Grace))
            connection.Cut("stale facts", since);
    }

    private TimeSpan UntilNextLook()
    {
        var now = time.GetUtcNow();
        var next = live.Where(connection => connection.State == ConnectionState.Open && connection.Due < (now + Second).UtcTicks).Select(connection => connection.Due).DefaultIfEmpty((now + Second).UtcTicks).Min();
        Volatile.Write(ref _nextLook, next);
        return TimeSpan.FromTicks(Math.Clamp(next - now.UtcTicks, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond));
    }

    private Task JudgeAsync(IEnumerable<Connection> connections, string cause, long since, CancellationToken cancellation) =>
        JudgeAsync(connections.Select(connection => (connection, cause)), since, cancellation);

    /// <summary>First those whom memory knows, then the others, of whom each waits for the store.</summary>
    private async Task JudgeAsync(IEnumerable<(Connection Connection, string Cause)> touched, long since, CancellationToken cancellation)
    {
        List<(Connection Connection, string Cause)>? unknown = null;
        foreach (var (connection, cause) in touched)
        {
            if (connection.Session is not { } session) connection.Review(Caller.Stranger, cause, since);
            else if (callers.TryFindAgain(session, connection.DeviceShown, out var caller)) connection.Review(caller, cause, since);
            else (unknown ??= []).Add((connection, cause));
        }
        if (unknown is null) return;
        await Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (one, cancel) =>
            one.Connection.Review(await callers.FindAgainAsync(one.Connection.Session!, one.Connection.DeviceShown, cancel), one.Cause, since));
    }

    private void Post(Work work) => _work.Writer.TryWrite(work with { Since = time.GetTimestamp() });

    private enum WorkKind
    {
        Look,
        One,
        Changes,
        Everything,
    }

    private sealed record Work(WorkKind Kind, string Cause, IReadOnlyList<Change>? Changes = null)
    {
        public Connection? Connection { get; init; }

        public long Since { get; init; }
    }

    [LoggerMessage(LogLevel.Error, "Live connections could not be judged again ({Cause}); those whose answer may have changed are judged with the next change")]
    private static partial void LogFault(ILogger log, string cause, Exception fault);
}
