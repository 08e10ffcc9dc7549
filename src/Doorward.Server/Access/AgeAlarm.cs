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
        // Not heard from yet, at the start or after history went back: whoever waits for it, or found that, has said so.
        if (age == TimeSpan.MaxValue) return;
        var raised = age > freshness.Limit / 2;
        if (raised && !_raised) LogOld(log, age.TotalSeconds, freshness.Limit.TotalSeconds);
        if (!raised && _raised) LogFresh(log);
        _raised = raised;
    }

    [LoggerMessage(LogLevel.Warning, "What is known from the store is old (age {Age:F1} s); at {Limit} s requests get 503 and open streams are held. Look why the store does not answer")]
    private static partial void LogOld(ILogger log, double age, double limit);

    [LoggerMessage(LogLevel.Information, "What is known from the store is fresh again")]
    private static partial void LogFresh(ILogger log);
}
