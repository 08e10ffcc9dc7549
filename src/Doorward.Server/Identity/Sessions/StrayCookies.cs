using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Doorward.Server.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// Reports live cookies that come to another host than they were made for. No browser sends one there: an app, or who broke into it,
/// has read its own and tries how far it goes.
/// </summary>
internal sealed partial class StrayCookies : IDisposable
{
    /// <summary>One session is reported once in this time, so that who holds its cookie cannot fill the trail.</summary>
    private static readonly TimeSpan Once = TimeSpan.FromMinutes(1);

    // Sessions remembered as reported; beyond, all are forgotten, and some reported once more.
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _reported = new(StringComparer.Ordinal);
    private readonly Meter _meter = new(Product.Name);
    private readonly Counter<long> _strays;
    private readonly AuditTrail _trail;
    private readonly TimeProvider _time;
    private readonly ILogger<StrayCookies> _log;

    public StrayCookies(AuditTrail trail, TimeProvider time, ILogger<StrayCookies> log)
    {
        (_trail, _time, _log) = (trail, time, log);
        _strays = _meter.CreateCounter<long>(Product.MetricPrefix + "stray_cookies", description: "Live session cookies that came to another host than their own, and were refused.");
    }

    public void Report(HttpContext context, string host, CookieRow cookie)
    {
        _strays.Add(1);
        var now = _time.GetUtcNow();
        if (_reported.TryGetValue(cookie.SessionId, out var last) && now - last < Once) return;
        if (_reported.Count >= Most) _reported.Clear();
        _reported[cookie.SessionId] = now;
        LogStray(_log, cookie.Host, host, cookie.SessionId);
        // Nobody waits for this record: the request is refused in any case, with a record of its own.
        _ = _trail.Append(new EventRecord
        {
            Kind = EventKind.Session,
            At = now,
            Act = "stray cookie",
            Succeeded = false,
            Actor = new Party { Address = context.Connection.RemoteIpAddress?.ToString(), UserAgent = context.Request.Headers.UserAgent.ToString() },
            Target = new Party { SessionId = cookie.SessionId },
            RequestId = context.TraceIdentifier,
            Details = [KeyValuePair.Create("made_for", cookie.Host), KeyValuePair.Create("came_to", host)],
        }).AsTask();
    }

    public void Dispose() => _meter.Dispose();

    [LoggerMessage(LogLevel.Warning, "A cookie made for {Made} came to {Came} and was refused: somebody has copied it (session {Session})")]
    private static partial void LogStray(ILogger log, string made, string came, string session);
}
