using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// What was said to be over, for sign-ins that were under way when it was said: their session was not there yet to be ended. Written in the
/// transaction that ends the others.
/// </summary>
internal static class SessionEnds
{
    /// <summary>Longer than sign-ins are under way, and about as long as providers let nobody prove anew who they are.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>An auth_time tells whole seconds.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Until when what somebody proves at a provider is over. Everybody's writes wait for the answer: each part reads by the key's beginning,
    /// the first what was said of one person, the others single rows and what was said of one of the provider's sessions.
    /// </summary>
    internal const string Until = """
        SELECT max(until) FROM (
            SELECT until FROM session_ends
            WHERE whose = @person AND (provider_session = '' OR provider_session = @session OR CAST(@session AS text) IS NULL) AND (device = '' OR device = @device OR CAST(@device AS text) IS NULL)
            UNION ALL SELECT until FROM session_ends WHERE whose = @anybody AND provider_session = '' AND device = @device
            UNION ALL SELECT until FROM session_ends WHERE whose = @anybody AND provider_session = @session AND (device = '' OR device = @device OR CAST(@device AS text) IS NULL)) AS said
        """;

    /// <summary>What is over on these devices, also for sessions that only a client certificate shows to be on them.</summary>
    public static string On(string devices) => $"SELECT device, whose, provider_session AS ProviderSession, until FROM session_ends WHERE device IN {devices}";

    /// <param name="transaction">The one that ends them.</param>
    /// <param name="filters">What is over.</param>
    /// <param name="now">Whatever authenticated by then, or by when the filter says.</param>
    /// <param name="cause">For the records of what ends by it.</param>
    public static async Task MarkAsync(Transaction transaction, IReadOnlyList<SessionFilter> filters, DateTimeOffset now, string? cause)
    {
        var ends = from filter in filters
                   where !filter.IsNobody
                   from whose in filter.Persons ?? [.. filter.Providers.Select(SessionEnd.AnybodyOf)]
                   from device in filter.Devices ?? [""]
                   select new SessionEnd { Whose = whose, ProviderSession = filter.ProviderSession ?? "", Device = device, Until = (filter.StartedBy < now ? filter.StartedBy.Value : now).ToUnixTimeMilliseconds() };
        // In one order on every node, so that two do not wait for each other.
        foreach (var end in ends.OrderBy(end => end.Whose, StringComparer.Ordinal).ThenBy(end => end.ProviderSession, StringComparer.Ordinal).ThenBy(end => end.Device, StringComparer.Ordinal))
        {
            await transaction.ExecuteAsync(
                """
                INSERT INTO session_ends (whose, provider_session, device, until) VALUES (@Whose, @ProviderSession, @Device, @Until)
                ON CONFLICT (whose, provider_session, device) DO UPDATE SET until = @Until WHERE session_ends.until < @Until
                """,
                end);
            if (end.Device.Length > 0) transaction.Changed(Devices.Device.Kind, end.Device, cause);
        }
    }

    /// <summary>The last thing that a sign-in does before it is committed.</summary>
    /// <exception cref="SignInOverException">What the provider said was ended before it was heard.</exception>
    public static async Task ThrowIfOverAsync(Transaction transaction, SignedIn said)
    {
        await transaction.AloneAsync();
        var until = await transaction.FindAsync<long?>(
            Until, new { person = PersonRow.IdOf(said.Provider, said.Subject), anybody = SessionEnd.AnybodyOf(said.Provider), session = said.ProviderSessionId, device = said.DeviceId });
        if (until is { } end && IsBefore(said, DateTimeOffset.FromUnixTimeMilliseconds(end))) throw new SignInOverException();
    }

    /// <summary>A session that had begun by then may be shown to be over as long as it is open.</summary>
    public static Task PruneAsync(Transaction transaction, DateTimeOffset now) => transaction.ExecuteAsync(
        "DELETE FROM session_ends WHERE until < @before AND until < (SELECT coalesce(min(started), @before) FROM sessions)", new { before = now.Subtract(Kept).ToUnixTimeMilliseconds() });

    // Under way when it was said: over, but where the person has certainly proved since then who they are. Begun since then: over only where
    // the provider says that they have not.
    private static bool IsBefore(SignedIn said, DateTimeOffset end) =>
        said.Begun <= end ? said.AuthTime is not { } at || at <= end + TokenClaims.Tolerance : said.AuthTime + Second <= end;
}

/// <summary>What was said to be over: whatever began until then.</summary>
internal sealed record SessionEnd
{
    /// <summary>A person's id, or a provider and a slash for anybody of its.</summary>
    public string Whose { get; init; } = "";

    /// <summary>Empty where it was said of any.</summary>
    public string ProviderSession { get; init; } = "";

    /// <summary>Empty where it was said of any.</summary>
    public string Device { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long Until { get; init; }

    public static string AnybodyOf(string? provider) => provider + "/";

    /// <summary>Whether a session is over that is shown to be on the device.</summary>
    public bool Covers(Session session) =>
        session.Started.ToUnixTimeMilliseconds() <= Until
        && (Whose == session.PersonId || Whose == AnybodyOf(session.Facts.Provider))
        && (ProviderSession.Length == 0 || ProviderSession == session.ProviderSession || (session.ProviderSession is null && Whose == session.PersonId));
}

/// <summary>A sign-in stands on something that was ended while it was under way.</summary>
internal sealed class SignInOverException() : Exception("It was ended before it began.");
