using Doorward.Server.Store.Feed;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Access;

/// <summary>Says so once when what is known is half as old as it may be, and once when it is fresh again: time to look, before anybody is refused.</summary>
internal sealed partial class AgeAlarm(Freshness freshness, ILogger log)
{
    private bool _raised;

    public void Look()
    {
        var age = freshness.Age;
        var raised = age > freshness.Limit / 2;
        if (raised && !_raised) LogOld(log, age == TimeSpan.MaxValue ? "unknown" : $"{age.TotalSeconds:F1} s", freshness.Limit.TotalSeconds);
        if (!raised && _raised) LogFresh(log);
        _raised = raised;
    }

    [LoggerMessage(LogLevel.Warning, "What is known from the store is old (age {Age}); at {Limit} s requests get 503 and open streams are held. Look why the store does not answer")]
    private static partial void LogOld(ILogger log, string age, double limit);

    [LoggerMessage(LogLevel.Information, "What is known from the store is fresh again")]
    private static partial void LogFresh(ILogger log);
}
