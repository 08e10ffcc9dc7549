using System.Collections.Concurrent;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>
/// Brings the policies of every configuration that is in force, for however short a while, into the store: a record tells of its
/// policy only the digest.
/// </summary>
internal sealed class PolicyKeeper : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _refresh = TimeSpan.FromHours(1);

    private readonly CurrentConfiguration _configuration;
    private readonly PolicyArchive _archive;
    private readonly StoreStart _store;
    private readonly TimeProvider _time;
    private readonly ILogger<PolicyKeeper> _log;
    private readonly ConcurrentQueue<Configuration> _due = [];
    private readonly IDisposable _listening;
    private long _kept;

    public PolicyKeeper(CurrentConfiguration configuration, PolicyArchive archive, StoreStart store, TimeProvider time, ILogger<PolicyKeeper> log)
    {
        (_configuration, _archive, _store, _time, _log) = (configuration, archive, store, time, log);
        _due.Enqueue(configuration.Value);
        _listening = configuration.OnReplaced((_, next) => _due.Enqueue(next));
        _kept = time.GetTimestamp();
    }

    public override void Dispose()
    {
        _listening.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Duty.EachAsync("keep the policies in force", _look, KeepAsync, _time, _log, stoppingToken);

    private async Task KeepAsync(CancellationToken cancellation)
    {
        // Before that there is no table to bring them to.
        if (!_store.IsReady) return;
        if (_time.GetElapsedTime(_kept) > _refresh && _due.IsEmpty) _due.Enqueue(_configuration.Value);
        while (_due.TryPeek(out var configuration))
        {
            await _archive.KeepAsync(configuration.Routes.Select(route => route.Policy), cancellation);
            _due.TryDequeue(out _);
            _kept = _time.GetTimestamp();
        }
    }
}
