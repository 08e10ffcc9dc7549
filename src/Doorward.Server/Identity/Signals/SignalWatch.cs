using System.Buffers.Text;
using System.Security.Cryptography;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.Signals;

/// <summary>
/// Watches over the streams: asks for verification events, so that silence is known from quiet, and tells when a stream falls silent or is
/// heard again. Each node looks; of those that look, one asks.
/// </summary>
internal sealed partial class SignalWatch(
    Func<IReadOnlyList<Transmitter>> transmitters, SignalHealth health, Database database, StoreService store, Generation generation, TimeProvider time, ILogger<SignalWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2), PrunePeriod = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, StreamState> _known = [];

    /// <summary>A stream is otherwise than it was: routes that require it answer otherwise.</summary>
    public event Action<string>? Changed;

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var all = transmitters();
        if (all.Count == 0) return;
        foreach (var one in all) await AskAsync(one, cancellation);
        try
        {
            await health.LoadAsync(cancellation);
        }
        finally
        {
            // Time goes on while the store is away.
            foreach (var one in all) Tell(one, health.Of(one));
        }
    }

    public Task PruneAsync(CancellationToken cancellation) => database.WriteAsync(async transaction =>
    {
        await SignalSources.PruneAsync(transaction, time.GetUtcNow());
        await RiskLevels.PruneAsync(transaction);
    }, cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await store.Started.WaitAsync(stoppingToken) is not null) return;
        await Task.WhenAll(
            Duty.EachAsync("watch over signals", Period, LookAsync, time, log, stoppingToken),
            Duty.EachAsync("prune signals", PrunePeriod, PruneAsync, time, log, stoppingToken));
    }

    private async Task AskAsync(Transmitter one, CancellationToken cancellation)
    {
        if (one.Options.Verification is not { } how) return;
        var state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var now = time.GetUtcNow();
        var claimed = await database.WriteAsync(transaction => SignalSources.ClaimAsync(transaction, one.Source, state, how.Every, now), cancellation);
        if (!claimed.Value) return;
        try
        {
            await one.VerifyAsync(how, state, cancellation);
        }
        catch (ProviderFaultException e)
        {
            // Asked again when it is due: if it stays so, the stream counts as silent.
            LogNotAsked(log, one.Name, e.Message);
        }
    }

    private void Tell(Transmitter one, StreamState state)
    {
        lock (_known)
        {
            var before = _known.GetValueOrDefault(one.Name, StreamState.Heard);
            _known[one.Name] = state;
            if (state == before) return;
        }
        if (state == StreamState.Heard) LogHeard(log, one.Name);
        else LogSilent(log, one.Name, state);
        generation.Raise();
        Changed?.Invoke($"signals of {one.Name}: {state.ToString().ToLowerInvariant()}");
    }

    [LoggerMessage(LogLevel.Warning, "«{Transmitter}» could not be asked for a verification event: {Reason}")]
    private static partial void LogNotAsked(ILogger log, string transmitter, string reason);

    [LoggerMessage(LogLevel.Error, "The signals of «{Transmitter}» are not heard any more ({State}): what it should tell may be lost, and routes that require it refuse")]
    private static partial void LogSilent(ILogger log, string transmitter, StreamState state);

    [LoggerMessage(LogLevel.Information, "The signals of «{Transmitter}» are heard again")]
    private static partial void LogHeard(ILogger log, string transmitter);
}
