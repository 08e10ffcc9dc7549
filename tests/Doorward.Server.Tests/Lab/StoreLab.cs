using Doorward.Policy;
using Doorward.Server.Store;

namespace Doorward.Server.Tests.Lab;

/// <summary>A store of one kind for a test: opened, closed, backed up and restored as an operator would.</summary>
internal abstract class StoreLab : IAsyncDisposable
{
    private readonly List<Database> _opened = [];

    protected StoreLab() => Folder = Directory.CreateTempSubdirectory("doorward-store-").FullName;

    public ManualTime Time { get; } = new();

    public string Folder { get; }

    /// <summary>Whether two transactions can be under way at once; SQLite has one writer.</summary>
    public abstract bool WritersAreConcurrent { get; }

    public abstract StoreOptions Options { get; }

    /// <summary>The store with the newest schema. On PostgreSQL each call is one more node.</summary>
    public async Task<Database> OpenAsync()
    {
        var database = OpenUnmigrated();
        var problem = await Schema.MigrateAsync(database, Options.Place, CancellationToken.None);
        Assert.Null(problem);
        return database;
    }

    public Database OpenUnmigrated()
    {
        var problems = new List<Problem>();
        var database = Database.Open(Options, Time, problems);
        Assert.Empty(problems);
        _opened.Add(database!);
        return database!;
    }

    /// <summary>Closes every opened database, and copies the store.</summary>
    public async Task BackUpAsync()
    {
        await CloseAsync();
        await CopyAsync();
    }

    /// <summary>Closes every opened database, and puts the copy in the store's place.</summary>
    public async Task RestoreAsync()
    {
        await CloseAsync();
        await PutBackAsync();
    }

    public async Task CloseAsync()
    {
        foreach (var database in _opened)
            await database.DisposeAsync();
        _opened.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract Task CopyAsync();

    protected abstract Task PutBackAsync();
}

internal sealed class SqliteLab : StoreLab
{
    public override bool WritersAreConcurrent => false;

    public override StoreOptions Options => new() { Sqlite = File, RootKeyFile = Path.Combine(Folder, "root.key") };

    private string File => Path.Combine(Folder, "doorward.db");

    protected override Task CopyAsync()
    {
        System.IO.File.Copy(File, File + ".backup");
        return Task.CompletedTask;
    }

    protected override Task PutBackAsync()
    {
        System.IO.File.Copy(File + ".backup", File, overwrite: true);
        return Task.CompletedTask;
    }
}

internal sealed class PostgresLab(string connectionString) : StoreLab
{
    public override bool WritersAreConcurrent => true;

    public override StoreOptions Options => new() { Postgres = connectionString, RootKeyFile = Path.Combine(Folder, "root.key") };

    private string Name => new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;

    private string Maintenance => new Npgsql.NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false }.ConnectionString;

    public static async Task<PostgresLab> StartAsync() => new(await Postgres.NewDatabaseAsync());

    protected override Task CopyAsync() => Postgres.ExecuteAsync(Maintenance, $"CREATE DATABASE {Name}_backup TEMPLATE {Name}");

    protected override async Task PutBackAsync()
    {
        await Postgres.ExecuteAsync(Maintenance, $"DROP DATABASE {Name} WITH (FORCE)");
        await Postgres.ExecuteAsync(Maintenance, $"CREATE DATABASE {Name} TEMPLATE {Name}_backup");
    }
}
