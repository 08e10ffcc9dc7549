using Doorward.Policy;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>A session as the store keeps it.</summary>
internal sealed record SessionRow
{
    /// <summary>The kind under which changes are told; the key is the session's id.</summary>
    public const string Kind = "session";

    /// <summary>
    /// The kind under which its end is told as well. An end is for ever, and ids never come again: whoever hears of it need not ask the store.
    /// Where ten thousand people are let go at once, their sessions would be as many questions.
    /// </summary>
    public const string EndedKind = "session-ended";

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
    public string? Device { get; init; }

    /// <summary>As the last transmitters told; kept elsewhere.</summary>
    public long Risk { get; init; } = RiskLevels.None;

    private static readonly string Columns =
        "id, person, provider_session AS ProviderSession, started, expires, last_activity AS LastActivity, series, version, facts, user_agent AS UserAgent, address, device, " + RiskLevels.Column(RiskLevels.Session, "sessions.id");

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

    /// <summary>Those of these that there are, in the order in which everybody locks them.</summary>
    public static Task<IReadOnlyList<SessionRow>> FindAllAsync(StoreConnection connection, IReadOnlyList<string> ids, string lockRows = "")
    {
        var (listed, arguments) = Listed.Of(ids);
        return connection.QueryAsync<SessionRow>($"SELECT {Columns} FROM sessions WHERE id IN {listed} AND epoch = (SELECT epoch FROM feed) ORDER BY id{lockRows}", arguments);
    }

    /// <param name="connection">To read by.</param>
    /// <param name="where">A condition on the table of sessions.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="lockRows">See <see cref="StoreConnection.ForUpdate"/>.</param>
    public static Task<IReadOnlyList<SessionRow>> FindAllAsync(StoreConnection connection, string where, object arguments, string lockRows) =>
        connection.QueryAsync<SessionRow>($"SELECT {Columns} FROM sessions WHERE {where} ORDER BY id{lockRows}", arguments);

    public Task<int> InsertAsync(Transaction transaction) => transaction.ExecuteAsync(
        """
        INSERT INTO sessions (id, person, provider_session, started, expires, last_activity, series, epoch, version, facts, user_agent, address, device)
        VALUES (@Id, @Person, @ProviderSession, @Started, @Expires, @LastActivity, @Series, (SELECT epoch FROM feed), @Version, @Facts, @UserAgent, @Address, @Device)
        """,
        this);

    /// <summary>Somebody has told something new of it.</summary>
    public async Task ChangeFactsAsync(Transaction transaction, SessionFacts facts, string cause)
    {
        if (FactJson.Write(facts) is var written && written == Facts) return;
        await transaction.ExecuteAsync("UPDATE sessions SET facts = @written, version = version + 1 WHERE id = @Id", new { written, Id });
        transaction.Changed(Kind, Id, cause);
    }

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
            Risk = RiskLevels.Read(Risk),
            Device = Device,
            ProviderSession = ProviderSession,
        };
        return new LiveSession(session, Series);
    }
}

/// <summary>A session and the series of cookies that count for it.</summary>
internal sealed record LiveSession(Session Session, long Series);
