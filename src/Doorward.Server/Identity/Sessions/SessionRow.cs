using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>A session as the store keeps it.</summary>
internal sealed record SessionRow
{
    /// <summary>The kind under which changes are told; the key is the session's id.</summary>
    public const string Kind = "session";

    public string Id { get; init; } = "";
    public string Person { get; init; } = "";
    public string? ProviderSession { get; init; }
    public long Started { get; init; }
    public long Expires { get; init; }
    public long LastActivity { get; init; }
    public long Series { get; init; }
    public long Version { get; init; }
    public string Facts { get; init; } = "";
    public string? UserAgent { get; init; }
    public string? Address { get; init; }

    private const string Columns =
        "id, person, provider_session AS ProviderSession, started, expires, last_activity AS LastActivity, series, version, facts, user_agent AS UserAgent, address";

    public static Task<IReadOnlyList<SessionRow>> ListAsync(StoreConnection connection, string? person, long now, int most) =>
        connection.QueryAsync<SessionRow>(
            $"""
            SELECT {Columns} FROM sessions
            WHERE expires > @now AND epoch = (SELECT epoch FROM feed) {(person is null ? "" : "AND person = @person")} ORDER BY last_activity DESC LIMIT @most
            """,
            new { now, person, most });

    public static Task<SessionRow?> FindAsync(StoreConnection connection, string id, string lockRow = "") =>
        connection.FindAsync<SessionRow>(
            $"""
            SELECT {Columns} FROM sessions WHERE id = @id AND epoch = (SELECT epoch FROM feed){lockRow}
            """,
            new { id });

    public Task<int> InsertAsync(Transaction transaction) => transaction.ExecuteAsync(
        """
        INSERT INTO sessions (id, person, provider_session, started, expires, last_activity, series, epoch, version, facts, user_agent, address)
        VALUES (@Id, @Person, @ProviderSession, @Started, @Expires, @LastActivity, @Series, (SELECT epoch FROM feed), @Version, @Facts, @UserAgent, @Address)
        """,
        this);

    public LiveSession ToSession()
    {
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(Expires);
        var session = new Session
        {
            Id = Id,
            PersonId = Person,
            Started = DateTimeOffset.FromUnixTimeMilliseconds(Started),
            Expires = expires,
            Version = Version,
            Facts = FactJson.ReadSession(Id, expires, Facts),
        };
        return new LiveSession(session, Series);
    }
}

/// <summary>A session and the series of cookies that count for it.</summary>
internal sealed record LiveSession(Session Session, long Series);
