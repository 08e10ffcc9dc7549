using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Doorward.Policy;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Routes.Reload;

/// <summary>
/// Keeps the configuration true to its files. A file put in place by a rename counts at once; one written in place counts when it
/// has not changed for a while, because half a file can look whole. Whatever is wrong is told in the log, in health and as a metric.
/// </summary>
internal sealed partial class ConfigurationReload : BackgroundService
{
    /// <summary>How long a file that is written in place must rest. Long against the pauses of a writer, short against an operator's patience.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    /// <summary>How often everything is read again, in case that no event was told.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private const int LoggedProblems = 20;

    private readonly ConfigurationLoader _loader;
    private readonly CurrentConfiguration _current;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileWatch _watch;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Meter _meter = new(Product.Name);
    private readonly Counter<long> _loads;
    private SourceFiles _loaded;
    private SourceFiles? _seen;
    private long _seenAt;

    /// <summary>Begins with what was loaded at start.</summary>
    /// <param name="loader">The loader that made it.</param>
    /// <param name="files">The files that it was made from.</param>
    /// <param name="current">The configuration in force.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public ConfigurationReload(ConfigurationLoader loader, SourceFiles files, CurrentConfiguration current, TimeProvider time, ILogger<ConfigurationReload> logger)
    {
        (_loader, _loaded, _current, _time, _logger) = (loader, files, current, time, logger);
        Status = new(time.GetUtcNow(), current.Value.Problems);
        _watch = new FileWatch(Signal);
        WatchFiles(files);
        _loads = _meter.CreateCounter<long>(Product.MetricPrefix + "config_loads", description: "Changed files taken up, by result.");
        _meter.CreateObservableGauge(Product.MetricPrefix + "config_errors", () => Status.Errors, description: "Errors in what is written; 0 when all of it is in force.");
        _meter.CreateObservableGauge(Product.MetricPrefix + "config_last_load_timestamp_seconds", () => Status.At.ToUnixTimeMilliseconds() / 1000.0, description: "When files were last taken up.");
        _meter.CreateObservableGauge(Product.MetricPrefix + "config_routes", () => _current.Value.Routes.Count, description: "Routes in force.");
    }

    /// <summary>How the last load ended.</summary>
    public ReloadStatus Status { get; private set; }

    /// <summary>What health says about the configuration.</summary>
    public HealthPart Health()
    {
        var status = Status;
        var what = $"version {_current.Value.Hash[..12]}, {Wording.Count(_current.Value.Routes.Count, "route")}";
        return status.Errors == 0
            ? new("configuration", HealthState.Ok, what)
            : new("configuration", HealthState.Degraded, $"{what}; {Wording.Count(status.Errors, "error")} in what is written, the first: {status.Problems.First(problem => problem.Severity == Severity.Error)}");
    }

    /// <summary>Looks at the files once and takes up what has changed and come to rest.</summary>
    /// <returns>Whether something was taken up.</returns>
    public bool Look()
    {
        var renamed = _watch.Renamed();
        var files = _loaded.Again();
        var changed = files.ChangedSince(_loaded);
        if (changed.Count == 0 && !files.ListsOtherThan(_loaded))
        {
            _seen = null;
            _watch.Forget(renamed);
            return false;
        }

        if (changed.Count == 0 || !changed.All(file => _watch.WasReplaced(file, renamed)))
        {
            if (_seen is not { } seen || files.ChangedSince(seen).Count > 0 || files.ListsOtherThan(seen))
            {
                (_seen, _seenAt) = (files, _time.GetTimestamp());
                return false;
            }

            if (_time.GetElapsedTime(_seenAt) < Rest) return false;
        }

        _seen = null;
        _watch.Forget(renamed);
        Take(files);
        return true;
    }

    /// <summary>Loads again although no file changed: objects from elsewhere did.</summary>
    public void Refresh() => Take(_loaded.Again());

    public override void Dispose()
    {
        base.Dispose();
        _watch.Dispose();
        _meter.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var poll = _time.CreateTimer(_ => Signal(), null, Poll, Poll);
        await using var rest = _time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _signal.Reader.ReadAsync(stoppingToken);
                Look();
                if (_seen is not null) rest.Change(Rest, Timeout.InfiniteTimeSpan);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Whatever it was, the next change of a file must be seen.
                LogFault(fault);
            }
        }
    }

    private void Take(SourceFiles files)
    {
        var loaded = _loader.Load(files, _current.Value);
        _loaded = files;
        // What was in force before tells of it, at its own level.
        LogProblems(loaded);
        try
        {
            // Before anything that takes time, for it may take access away.
            if (loaded.Configuration is { } next) _current.Replace(next);
        }
        finally
        {
            // What came between reading and watching woke nobody.
            if (!WatchFiles(files)) Signal();
            Status = new(_time.GetUtcNow(), loaded.Problems);
            _loads.Add(1, new KeyValuePair<string, object?>("result", loaded.IsSound ? "ok" : "errors"));
        }
    }

    // Whether nothing can have been missed.
    private bool WatchFiles(SourceFiles files)
    {
        var all = _watch.Watch(files.Paths, [.. files.Listings.Keys]);
        if (_watch.Trouble is { } trouble) LogNotWatched(trouble, Poll);
        return all;
    }

    private void LogProblems(LoadedConfiguration loaded)
    {
        foreach (var problem in loaded.Problems.Take(LoggedProblems))
        {
            if (problem.Severity == Severity.Error) LogError(problem);
            else LogWarning(problem);
        }

        if (loaded.IsSound) LogTaken(loaded.Configuration!.Hash[..12], loaded.Configuration.Routes.Count);
        else LogPartly(loaded.Problems.Count(problem => problem.Severity == Severity.Error));
    }

    // Dropped where it waits already.
    private void Signal() => _signal.Writer.TryWrite(true);

    [LoggerMessage(LogLevel.Information, "The configuration was taken up: version {Version}, routes: {Routes}")]
    private partial void LogTaken(string version, int routes);

    [LoggerMessage(LogLevel.Error, "Errors in the configuration: {Errors}. Wrong routes deny, and of everything else that is wrong the last good stays")]
    private partial void LogPartly(int errors);

    [LoggerMessage(LogLevel.Error, "{Problem}")]
    private partial void LogError(Problem problem);

    [LoggerMessage(LogLevel.Warning, "{Problem}")]
    private partial void LogWarning(Problem problem);

    [LoggerMessage(LogLevel.Warning, "Changes of files are only seen every {Poll}: {Trouble}")]
    private partial void LogNotWatched(string trouble, TimeSpan poll);

    [LoggerMessage(LogLevel.Error, "Taking up the configuration failed; what was in force stays")]
    private partial void LogFault(Exception fault);
}
