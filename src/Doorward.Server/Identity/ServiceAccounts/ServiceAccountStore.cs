using Doorward.Server.Store;

namespace Doorward.Server.Identity.ServiceAccounts;

/// <summary>Makes, rotates and revokes service accounts. What takes access away completes even if its caller has gone.</summary>
internal sealed class ServiceAccountStore(Database database, TimeProvider time, ServiceAccountSecret secrets)
{
    /// <summary>The kind under which changes are told; the key is the account's id.</summary>
    public const string Kind = "service-account";

    private const string Columns = "SELECT id, name, role, routes, created, expires, revoked FROM service_accounts";

    /// <summary>Makes an account and its first secret.</summary>
    /// <returns>Null where a live account already has the name.</returns>
    public async Task<IssuedSecret?> CreateAsync(
        string name, ServiceAccountRole role, IReadOnlySet<string>? routes, DateTimeOffset? expires, CancellationToken cancellation)
    {
        var account = new ServiceAccount(Guid.CreateVersion7().ToString("N"), name, role, routes, time.GetUtcNow(), expires, null);
        var secret = secrets.Create();
        var written = await database.WriteAsync(async transaction =>
        {
            if (await transaction.FindAsync<string>("SELECT id FROM service_accounts WHERE name = @name" + transaction.ForUpdate, new { name }) is not null) return false;
            await transaction.ExecuteAsync(
                "INSERT INTO service_accounts (id, name, role, routes, created, expires) VALUES (@Id, @Name, @Role, @Routes, @Created, @Expires)",
                Row.Of(account));
            await AddSecretAsync(transaction, account.Id, secret);
            transaction.Changed(Kind, account.Id);
            return true;
        }, cancellation);
        return written.Value ? new(account, secret) : null;
    }

    /// <summary>Gives an account a second secret; the other one counts until <paramref name="until"/>, and one before that no more.</summary>
    /// <returns>Null where no live account has the name.</returns>
    public async Task<IssuedSecret?> RotateAsync(string name, DateTimeOffset until, CancellationToken cancellation)
    {
        var secret = secrets.Create();
        var now = time.GetUtcNow();
        var written = await database.WriteAsync(async transaction =>
        {
            if (await FindAsync(transaction, name) is not { } account || !account.CountsAt(now)) return null;
            // Two secrets live while rotating: what an earlier rotation left goes now.
            await transaction.ExecuteAsync("DELETE FROM service_account_secrets WHERE account = @Id AND expires IS NOT NULL", new { account.Id });
            await transaction.ExecuteAsync(
                "UPDATE service_account_secrets SET expires = @until WHERE account = @Id",
                new { account.Id, until = until.ToUnixTimeMilliseconds() });
            await AddSecretAsync(transaction, account.Id, secret);
            transaction.Changed(Kind, account.Id);
            return account;
        }, cancellation);
        return written.Value is { } rotated ? new(rotated, secret) : null;
    }

    /// <summary>Ends an account at once, on every node.</summary>
    /// <returns>False where no account has the name.</returns>
    public async Task<bool> RevokeAsync(string name)
    {
        var written = await database.WriteAsync(async transaction =>
        {
            if (await FindAsync(transaction, name) is not { } account) return false;
            await transaction.ExecuteAsync($"UPDATE service_accounts SET revoked = {transaction.Now}, name = name || '#' || id WHERE id = @Id", new { account.Id });
            await transaction.ExecuteAsync("DELETE FROM service_account_secrets WHERE account = @Id", new { account.Id });
            transaction.Changed(Kind, account.Id);
            return true;
        }, CancellationToken.None);
        return written.Value;
    }

    public Task<IReadOnlyList<ServiceAccount>> ListAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<ServiceAccount>>(
        async connection => [.. (await connection.QueryAsync<Row>($"{Columns} WHERE revoked IS NULL ORDER BY name")).Select(row => row.ToAccount())],
        cancellation);

    /// <summary>Every secret that counts, with its account: what the table in memory is made of.</summary>
    public Task<IReadOnlyList<LiveSecret>> LoadAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<LiveSecret>>(
        async connection =>
        {
            var accounts = (await connection.QueryAsync<Row>($"{Columns} WHERE revoked IS NULL")).ToDictionary(row => row.Id, row => row.ToAccount());
            var rows = await connection.QueryAsync<SecretRow>("SELECT hash, account, expires FROM service_account_secrets");
            return [.. from secret in rows where accounts.ContainsKey(secret.Account) select new LiveSecret(secret.Hash, accounts[secret.Account], Row.Instant(secret.Expires))];
        },
        cancellation);

    private static async Task<ServiceAccount?> FindAsync(Transaction transaction, string name) =>
        (await transaction.FindAsync<Row>($"{Columns} WHERE name = @name AND revoked IS NULL{transaction.ForUpdate}", new { name }))?.ToAccount();

    private static Task<int> AddSecretAsync(Transaction transaction, string account, string secret) => transaction.ExecuteAsync(
        $"INSERT INTO service_account_secrets (hash, account, created) VALUES (@hash, @account, {transaction.Now})",
        new { hash = ServiceAccountSecret.Hash(secret), account });

    internal sealed record LiveSecret(byte[] Hash, ServiceAccount Account, DateTimeOffset? Expires);

    private sealed record SecretRow
    {
        public byte[] Hash { get; init; } = [];
        public string Account { get; init; } = "";
        public long? Expires { get; init; }
    }

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string? Routes { get; init; }
        public long Created { get; init; }
        public long? Expires { get; init; }
        public long? Revoked { get; init; }

        public static Row Of(ServiceAccount account) => new()
        {
            Id = account.Id,
            Name = account.Name,
            Role = account.Role.ToString(),
            Routes = account.Routes is { } routes ? string.Join('\n', routes) : null,
            Created = account.Created.ToUnixTimeMilliseconds(),
            Expires = account.Expires?.ToUnixTimeMilliseconds(),
        };

        public static DateTimeOffset? Instant(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

        public ServiceAccount ToAccount() => new(
            Id,
            Name,
            Enum.Parse<ServiceAccountRole>(Role),
            Routes?.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
            DateTimeOffset.FromUnixTimeMilliseconds(Created),
            Instant(Expires),
            Instant(Revoked));
    }
}
