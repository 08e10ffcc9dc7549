using Doorward.Policy;

namespace Doorward.Server.Store;

/// <summary>Where Doorward keeps what must outlive the process. Exactly one of <see cref="Sqlite"/> and <see cref="Postgres"/> is set.</summary>
internal sealed record StoreOptions
{
    /// <summary>Where the operator wrote it; problems point there.</summary>
    public Place Place { get; init; } = new("store", 0, 0);

    /// <summary>The path of the SQLite file, made where it is missing. One process holds it.</summary>
    public string? Sqlite { get; init; }

    /// <summary>How to reach PostgreSQL: <c>Host=db;Database=doorward;Username=...</c> or <c>postgres://user@db/doorward</c>. May hold a password.</summary>
    public string? Postgres { get; init; }

    /// <summary>
    /// Waits for changes by LISTEN; on by default. Off behind a pooler that shares connections between transactions (PgBouncer in
    /// transaction mode) and where the engine has none: then the feed looks every 100 ms, and no statement is kept prepared.
    /// </summary>
    public bool Listen { get; init; } = true;

    /// <summary>The file with the root key; every secret in the store is encrypted under it.</summary>
    public string RootKeyFile { get; init; } = "";

    /// <summary>The root key itself, where it was read already; it rules over the file.</summary>
    public string? RootKey { get; init; }

    /// <summary>How long one call to the store may take before its caller gets 503. Default 5 s: longer than a fail-over's connection attempts, shorter than a person's patience.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The age of facts at which requests are refused. Default 10 s; 2 s to 15 min.</summary>
    public TimeSpan StalenessLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Not the compiler's: a connection string may hold a password.</summary>
    public override string ToString() => Sqlite is not null ? $"SQLite {Sqlite}" : "PostgreSQL";
}
