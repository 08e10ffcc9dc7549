using System.Text;
using Doorward.Policy;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Lab;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.Server.Tests.Store.Keys;

/// <summary>How nodes share keys, and replace them.</summary>
public abstract class KeyContract : StoreTest
{
    [Fact]
    public async Task Nodes_that_start_together_share_one_key_a_purpose()
    {
        var database = await Lab.OpenAsync();
        var nodes = Enumerable.Range(0, 6).Select(_ => new KeyRotation(database, Root(), Time)).ToArray();

        Assert.All(await Task.WhenAll(nodes.Select(node => node.StartAsync(Lab.Options.Place, default))), Assert.Null);

        Assert.Equal(KeyPurpose.All.Count, (await database.ReadAsync(KeyRow.AllAsync)).Count);
    }

    [Fact]
    public async Task A_key_rotates_by_itself_on_every_node()
    {
        var node = await StartAsync();
        var keys = new SigningKeys(node.Ring);
        var first = keys.Active(KeyPurpose.Assertion);

        Time.Advance(KeyPurpose.Assertion.Rotation - KeyPurpose.Assertion.Lead);
        await TurnAsync(node);
        Assert.Equal(first.Id, keys.Active(KeyPurpose.Assertion).Id);
        Assert.Equal(2, keys.Published(KeyPurpose.Assertion).Count);

        Time.Advance(KeyPurpose.Assertion.Lead);
        var second = keys.Active(KeyPurpose.Assertion);
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotNull(keys.Find(KeyPurpose.Assertion, first.Id));

        Time.Advance(KeyPurpose.Assertion.Keep + TimeSpan.FromMinutes(1));
        await TurnAsync(node);
        Assert.Null(keys.Find(KeyPurpose.Assertion, first.Id));
        Assert.Equal([second.Public], keys.Published(KeyPurpose.Assertion));
    }

    [Fact]
    public async Task A_leaked_key_is_replaced_at_once()
    {
        var node = await StartAsync();
        var keys = new SigningKeys(node.Ring);
        var leaked = keys.Active(KeyPurpose.Assertion).Id;

        await new KeyRotation(node.Database, Root(), Time).ReplaceAsync(KeyPurpose.Assertion, default);
        await node.Feed.LookAsync();

        Assert.Null(keys.Find(KeyPurpose.Assertion, leaked));
        Assert.Single(keys.Published(KeyPurpose.Assertion));
    }

    [Fact]
    public async Task What_a_key_signs_others_can_verify()
    {
        var keys = new SigningKeys((await StartAsync()).Ring);
        var key = keys.Active(KeyPurpose.Assertion);

        var token = key.SignToken("assertion+jwt", """{"iss":"https://door.test","aud":"app.test"}"""u8);

        var jwk = new JsonWebKey { Kty = "EC", Crv = "P-256", X = key.Public.X, Y = key.Public.Y, Kid = key.Id };
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = jwk, ValidIssuer = "https://door.test", ValidAudience = "app.test", ValidTypes = ["assertion+jwt"], ValidAlgorithms = ["ES256"],
            RequireExpirationTime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint()), key.Id);
    }

    [Fact]
    [Trait("advisory", "11")]
    public async Task No_key_of_one_purpose_is_known_for_another()
    {
        var keys = new SigningKeys((await StartAsync()).Ring);

        Assert.Null(keys.Find(KeyPurpose.ClusterToken, keys.Active(KeyPurpose.Assertion).Id));
    }

    [Fact]
    public async Task A_wrong_root_key_is_refused_with_a_cure()
    {
        var node = await StartAsync();
        var other = Path.Combine(Lab.Folder, "other.key");
        RootKey.CreateFile(other);

        var problem = await new KeyRotation(node.Database, Root(other), Time).StartAsync(Lab.Options.Place, default);

        Assert.Equal("DW3013", problem!.Id);
        Assert.Contains("root_key_file", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_altered_key_is_refused()
    {
        var node = await StartAsync();
        await node.Database.WriteAsync(transaction => transaction.ExecuteAsync("UPDATE keys SET id = 'x' WHERE purpose = 'secrets'"));

        Assert.Equal("DW3014", (await new KeyRotation(node.Database, Root(), Time).StartAsync(Lab.Options.Place, default))!.Id);
    }

    [Fact]
    public async Task The_root_key_can_be_replaced_while_nodes_with_the_old_one_first_still_serve()
    {
        var node = await StartAsync();
        var secret = new Secrets(node.Ring).Protect("test", "row", "hello"u8);
        var old = await File.ReadAllTextAsync(Lab.Options.RootKeyFile);
        var fresh = Path.Combine(Lab.Folder, "new.key");
        RootKey.CreateFile(fresh);
        var both = Path.Combine(Lab.Folder, "both.key");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(fresh) + old);
        var overlapping = Path.Combine(Lab.Folder, "overlapping.key");
        await File.WriteAllTextAsync(overlapping, old + await File.ReadAllTextAsync(fresh));
        var serving = new KeyRing(node.Database, Root(overlapping), Time);

        Assert.Null(await new KeyRotation(node.Database, Root(both), Time).StartAsync(Lab.Options.Place, default));

        await serving.LoadAsync(default);
        Assert.Equal("hello"u8.ToArray(), new Secrets(serving).Unprotect("test", "row", secret));
        Assert.Null(await new KeyRotation(node.Database, Root(fresh), Time).StartAsync(Lab.Options.Place, default));
        Assert.Equal("DW3013", (await new KeyRotation(node.Database, Root(), Time).StartAsync(Lab.Options.Place, default))!.Id);
    }

    [Fact]
    public async Task A_secret_opens_only_where_it_belongs()
    {
        var secrets = new Secrets((await StartAsync()).Ring);
        var secret = secrets.Protect("provider-token", "session 1", "hello"u8);

        Assert.Equal("hello"u8.ToArray(), secrets.Unprotect("provider-token", "session 1", secret));
        Assert.Null(secrets.Unprotect("provider-token", "session 2", secret));
        Assert.Null(secrets.Unprotect("sign-in-state", "session 1", secret));
        Assert.Null(secrets.Unprotect("provider-token", "session 1", []));
        Assert.DoesNotContain("hello", Encoding.Latin1.GetString(secret), StringComparison.Ordinal);
        for (var i = 0; i < secret.Length; i++)
        {
            var altered = secret.ToArray();
            altered[i] ^= 1;
            Assert.Null(secrets.Unprotect("provider-token", "session 1", altered));
        }
    }

    [Fact]
    public async Task A_secret_outlives_the_rotation_of_its_key()
    {
        var node = await StartAsync();
        var secrets = new Secrets(node.Ring);
        var old = secrets.Protect("test", "row", "hello"u8);

        Time.Advance(KeyPurpose.Secrets.Rotation);
        await TurnAsync(node);
        Time.Advance(KeyPurpose.Secrets.Lead);

        Assert.Equal("hello"u8.ToArray(), secrets.Unprotect("test", "row", old));
        Assert.NotEqual(old[..5], secrets.Protect("test", "row", "hello"u8)[..5]);
    }

    [Fact]
    public async Task Before_the_keys_are_loaded_nothing_is_signed_and_nothing_believed()
    {
        var ring = new KeyRing(await Lab.OpenAsync(), Root(), Time);

        Assert.Throws<StoreUnavailableException>(() => new SigningKeys(ring).Active(KeyPurpose.Assertion));
        Assert.Throws<StoreUnavailableException>(() => new Secrets(ring).Unprotect("test", "row", [1, 0, 0, 0, 1]));
    }

    private RootKey Root(string? file = null)
    {
        var problems = new List<Problem>();
        RootKey.CreateFile(file ?? Lab.Options.RootKeyFile);
        var root = RootKey.Load(file ?? Lab.Options.RootKeyFile, Lab.Options.Place, problems);
        Assert.DoesNotContain(problems, problem => problem.Severity == Severity.Error);
        return root!;
    }

    private async Task<(Database Database, Server.Store.Feed.ChangeFeed Feed, KeyRing Ring)> StartAsync()
    {
        var node = StartNode(await Lab.OpenAsync());
        Assert.Null(await new KeyRotation(node.Database, Root(), Time).StartAsync(Lab.Options.Place, default));
        var ring = new KeyRing(node.Database, Root(), Time);
        node.Feed.Subscribe(ring);
        await node.Feed.LookAsync();
        return (node.Database, node.Feed, ring);
    }

    private async Task TurnAsync((Database Database, Server.Store.Feed.ChangeFeed Feed, KeyRing Ring) node)
    {
        await new KeyRotation(node.Database, Root(), Time).RunAsync(default);
        await node.Feed.LookAsync();
    }
}

public sealed class Keys_on_SQLite : KeyContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Keys_on_PostgreSQL : KeyContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
