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

    /// <summary>A column: until when what began on the device with this id is over, whoever's it is.</summary>
    public static string Column(string device) =>
        $"(SELECT max(until) FROM session_ends WHERE session_ends.device = {device} AND session_ends.provider_session = '' AND session_ends.whose LIKE '%/' AND {device} LIKE session_ends.whose || '%') AS Over";

    /// <param name="transaction">The one that ends them.</param>
    /// <param name="filter">What is over.</param>
    /// <param name="until">Whatever authenticated by then.</param>
    /// <param name="cause">For the records of what ends by it.</param>
    public static async Task MarkAsync(Transaction transaction, SessionFilter filter, DateTimeOffset until, string? cause)
    {
        if (filter.IsNobody) return;
        foreach (var whose in filter.Persons ?? [.. filter.Providers.Select(AnybodyOf)])
        {
            foreach (var device in filter.Devices ?? [""])
            {
                await transaction.ExecuteAsync(
                    """
                    INSERT INTO session_ends (whose, provider_session, device, until) VALUES (@whose, @session, @device, @until)
                    ON CONFLICT (whose, provider_session, device) DO UPDATE SET until = @until WHERE session_ends.until < @until
                    """,
                    new { whose, session = filter.ProviderSession ?? "", device, until = until.ToUnixTimeMilliseconds() });
                if (filter.IsDevicesAlone) transaction.Changed(Devices.Device.Kind, device, cause);
            }
        }
    }

    /// <summary>The last thing that a sign-in does before it is committed.</summary>
    /// <exception cref="SignInOverException">What the provider said was ended before it was heard.</exception>
    public static async Task ThrowIfOverAsync(Transaction transaction, SignedIn said)
    {
        await transaction.AloneAsync();
        var until = await transaction.FindAsync<long?>(
            """
            SELECT max(until) FROM session_ends
            WHERE whose IN (@person, @anybody)
                AND (provider_session = '' OR provider_session = @session OR (whose = @person AND CAST(@session AS text) IS NULL))
                AND (device = '' OR device = @device OR (CAST(@device AS text) IS NULL AND (whose = @person OR provider_session <> '')))
            """,
            new { person = PersonRow.IdOf(said.Provider, said.Subject), anybody = AnybodyOf(said.Provider), session = said.ProviderSessionId, device = said.DeviceId });
        if (until is { } end && IsBefore(said, DateTimeOffset.FromUnixTimeMilliseconds(end))) throw new SignInOverException();
    }

    public static Task PruneAsync(Transaction transaction, DateTimeOffset now) =>
        transaction.ExecuteAsync("DELETE FROM session_ends WHERE until < @before", new { before = now.Subtract(Kept).ToUnixTimeMilliseconds() });

    // Under way when it was said: over, but where the person has certainly proved since then who they are. Begun since then: over only where
    // the provider says that they have not.
    private static bool IsBefore(SignedIn said, DateTimeOffset end) =>
        said.Begun <= end ? said.AuthTime is not { } at || at <= end + TokenClaims.Tolerance : said.AuthTime + Second <= end;

    private static string AnybodyOf(string provider) => provider + "/";
}

/// <summary>A sign-in stands on something that was ended while it was under way.</summary>
internal sealed class SignInOverException() : Exception("It was ended before it began.");
