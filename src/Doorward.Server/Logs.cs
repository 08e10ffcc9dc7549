using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reload;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Doorward.Server;

/// <summary>
/// The server's own log: one line a message on the standard error, for the standard output has the audit records. It is as `log` says,
/// and as a reload says from then on.
/// </summary>
internal sealed class Logs : IOptionsChangeTokenSource<LoggerFilterOptions>, IOptionsChangeTokenSource<ConsoleLoggerOptions>
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    private ConfigurationReloadToken _changed = new();

    private Logs(CurrentConfiguration current) => current.OnReplaced((before, next) =>
    {
        if (!Same(before.Settings.Log, next.Settings.Log)) Interlocked.Exchange(ref _changed, new()).OnReload();
    });

    string IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    string IOptionsChangeTokenSource<ConsoleLoggerOptions>.Name => Options.DefaultName;

    public static void ToStandardError(ILoggingBuilder logging)
    {
        var services = logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).Services;
        services.Configure<JsonConsoleFormatterOptions>(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, Timestamp.TrimEnd()));
        services.Configure<SimpleConsoleFormatterOptions>(text => (text.SingleLine, text.UseUtcTimestamp, text.TimestampFormat) = (true, true, Timestamp));
        services.AddOptions<LoggerFilterOptions>().Configure<CurrentConfiguration>((filter, current) => Filter(filter, LevelOf(current.Value.Settings.Log.Level)));
        services.AddOptions<ConsoleLoggerOptions>().Configure<CurrentConfiguration>((console, current) =>
            console.FormatterName = current.Value.Settings.Log.Format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple);
        services.AddSingleton(provider => new Logs(provider.GetRequiredService<CurrentConfiguration>()));
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<Logs>());
        services.AddSingleton<IOptionsChangeTokenSource<ConsoleLoggerOptions>>(provider => provider.GetRequiredService<Logs>());
    }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _changed);

    private static void Filter(LoggerFilterOptions filter, LogLevel level)
    {
        var others = level > LogLevel.Warning ? level : LogLevel.Warning;
        filter.MinLevel = level;
        filter.Rules.Add(new(null, "Microsoft", others, null));
        filter.Rules.Add(new(null, "Yarp", others, null));
    }

    private static LogLevel LevelOf(LogLevelOption level) => level switch
    {
        LogLevelOption.Debug => LogLevel.Debug,
        LogLevelOption.Info => LogLevel.Information,
        LogLevelOption.Warn => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static bool Same(LogOptions one, LogOptions other) => one.Level == other.Level && one.Format == other.Format;
}
