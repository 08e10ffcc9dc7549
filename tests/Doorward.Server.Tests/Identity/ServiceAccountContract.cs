using Doorward.Server.Identity;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>Machines' identities, on every store.</summary>
public abstract class ServiceAccountContract : StoreTest
{
    private static readonly ServiceAccountSecret _secrets = new(new KeyedToken(() => [[.. Enumerable.Range(0, 32).Select(i => (byte)i)]]));

    [Fact]
    public async Task A_new_account_is_known_by_its_secret_and_only_on_its_routes()
    {
        var (store, table) = await StartAsync();

        var issued = await store.CreateAsync("ci", ServiceAccountRole.None, new HashSet<string> { "builds" }, null, default);
        await table.LoadAsync(default);

        var caller = table.Find(issued!.Secret);
        Assert.Equal(CallerKind.Known, caller.Kind);
        Assert.Equal("service-account/ci", caller.Person!.Id);
        Assert.Equal(["builds"], caller.Session!.Routes!);
        Assert.Equal(ServiceAccountRole.None, table.RoleOf(issued.Account.Id));
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        var (store, _) = await StartAsync();

        Assert.NotNull(await store.CreateAsync("ci", ServiceAccountRole.None, null, null, default));
        Assert.Null(await store.CreateAsync("ci", ServiceAccountRole.Admin, null, null, default));
    }

    [Fact]
    [Trait("advisory", "200")]
    public async Task A_secret_that_is_cut_short_or_altered_is_refused_without_asking_the_store()
    {
        var (store, table) = await StartAsync();
        var secret = (await store.CreateAsync("ci", ServiceAccountRole.None, null, null, default))!.Secret;
        table.Drop(); // «unavailable» is what a genuine secret would get now

        Assert.Equal(CallerKind.Unavailable, table.Find(secret).Kind);
        for (var length = 0; length < secret.Length; length++) Assert.Equal(CallerKind.Refused, table.Find(secret[..length]).Kind);
        for (var i = 0; i < secret.Length; i++)
        {
            var altered = secret.ToCharArray();
            altered[i] = altered[i] == 'A' ? 'B' : 'A';
            Assert.Equal(CallerKind.Refused, table.Find(new string(altered)).Kind);
        }
    }

    [Fact]
    public async Task Two_secrets_live_while_rotating_and_the_old_one_ends_to_the_instant()
    {
        var (store, table) = await StartAsync();
        var old = (await store.CreateAsync("ci", ServiceAccountRole.None, null, null, default))!.Secret;
        var fresh = (await store.RotateAsync("ci", Time.GetUtcNow().AddHours(1), default))!.Secret;
        await table.LoadAsync(default);

        Assert.Equal(CallerKind.Known, table.Find(old).Kind);
        Assert.Equal(CallerKind.Known, table.Find(fresh).Kind);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(CallerKind.Refused, table.Find(old).Kind);
        Assert.Equal(CallerKind.Known, table.Find(fresh).Kind);
    }

    [Fact]
    public async Task Rotating_twice_leaves_two_secrets()
    {
        var (store, table) = await StartAsync();
        var first = (await store.CreateAsync("ci", ServiceAccountRole.None, null, null, default))!.Secret;
        var second = (await store.RotateAsync("ci", Time.GetUtcNow().AddHours(1), default))!.Secret;
        var third = (await store.RotateAsync("ci", Time.GetUtcNow().AddHours(1), default))!.Secret;
        await table.LoadAsync(default);

        Assert.Equal(CallerKind.Refused, table.Find(first).Kind);
        Assert.Equal(CallerKind.Known, table.Find(second).Kind);
        Assert.Equal(CallerKind.Known, table.Find(third).Kind);
    }

    [Fact]
    [Trait("advisory", "178")]
    [Trait("advisory", "179")]
    public async Task A_revoked_or_expired_account_is_refused()
    {
        var (store, table) = await StartAsync();
        var revoked = (await store.CreateAsync("gone", ServiceAccountRole.Admin, null, null, default))!.Secret;
        var brief = (await store.CreateAsync("brief", ServiceAccountRole.None, null, Time.GetUtcNow().AddSeconds(5), default))!.Secret;
        Assert.True(await store.RevokeAsync("gone"));
        Assert.False(await store.RevokeAsync("gone"));
        await table.LoadAsync(default);

        Assert.Equal(CallerKind.Refused, table.Find(revoked).Kind);
        Assert.Equal(CallerKind.Known, table.Find(brief).Kind);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CallerKind.Refused, table.Find(brief).Kind);
        Assert.NotNull(await store.CreateAsync("gone", ServiceAccountRole.None, null, null, default)); // the name is free again
    }

    private async Task<(ServiceAccountStore Store, ServiceAccountTable Table)> StartAsync()
    {
        var database = await Lab.OpenAsync();
        var store = new ServiceAccountStore(database, Time, _secrets);
        return (store, new ServiceAccountTable(store, Time, new Generation(), _secrets));
    }
}

public sealed class Service_accounts_on_SQLite : ServiceAccountContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Service_accounts_on_PostgreSQL : ServiceAccountContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
