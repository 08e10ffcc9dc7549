using Doorward.Server.Audit;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// Asks providers anew about the people who are signed in, a little before their tokens end. A «no» ends the session; changed facts count
/// at once; an outage changes nothing, however long, up to the session's own end. One node at a time asks for one session.
/// </summary>
internal sealed partial class SessionRefresh(
    Func<ProviderSet> providers, KeptTokens tokens, SessionStore sessions, AuditTrail trail, TimeProvider time, ILogger<SessionRefresh> log)
{
    /// <summary>After an outage: jittered up to twice, so that a herd does not come back as one.</summary>
    private static readonly TimeSpan AfterHiccup = TimeSpan.FromSeconds(20);

    /// <summary>After an answer that cannot be used: somebody must mend something first.</summary>
    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(5);

    // Each provider bounds its own requests further.
    private const int AtOnce = 32;

    /// <summary>Refreshes what is due now.</summary>
    /// <returns>How many sessions that were.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        for (var all = 0; ;)
        {
            var due = await tokens.ClaimAsync(AtOnce, cancellation);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (one, cancel) => await RefreshAsync(one, cancel));
            all += due.Count;
            if (due.Count < AtOnce) return all;
        }
    }

    private async Task RefreshAsync(DueRefresh due, CancellationToken cancellation)
    {
        var slash = due.PersonId.IndexOf('/', StringComparison.Ordinal);
        var (name, subject) = (due.PersonId[..slash], due.PersonId[(slash + 1)..]);
        var held = due;
        using var limit = new CancellationTokenSource(KeptTokens.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            if (providers().Find(name) is { } provider
                && await provider.RefreshAsync(due.Tokens, subject, async kept => held = await tokens.ReplaceAsync(held, kept), either.Token) is { } said)
                await sessions.RefreshedAsync(held, said);
            else
                await tokens.PostponeAsync(held, AfterFault, cancellation);
        }
        catch (ProviderFaultException e) when (e.Fault == ProviderFault.Refused)
        {
            await EndAsync(due, name);
        }
        catch (ProviderFaultException e)
        {
            LogFault(log, e, name);
            await tokens.PostponeAsync(held, Later(e.IsHiccup ? AfterHiccup : AfterFault), cancellation);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            LogFault(log, e, name);
            await tokens.PostponeAsync(held, Later(AfterHiccup), cancellation);
        }
    }

    private static TimeSpan Later(TimeSpan by) => by * (1 + Random.Shared.NextDouble());

    private async Task EndAsync(DueRefresh due, string provider)
    {
        if (!await sessions.EndRefusedAsync(due)) return;
        LogRefused(log, provider, due.SessionId);
        await trail.Append(new EventRecord
        {
            Kind = EventKind.Refresh,
            At = time.GetUtcNow(),
            Act = "end session",
            Target = new Party { PersonId = due.PersonId, SessionId = due.SessionId },
            Details = [KeyValuePair.Create("provider", provider)],
        });
    }

    [LoggerMessage(LogLevel.Information, "«{Provider}» no longer vouches for session {Session}: ended")]
    private static partial void LogRefused(ILogger log, string provider, string session);

    [LoggerMessage(LogLevel.Warning, "«{Provider}» could not be asked anew about a session; it stays, and is tried again")]
    private static partial void LogFault(ILogger log, Exception fault, string provider);
}
