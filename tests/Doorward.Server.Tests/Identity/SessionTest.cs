using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store.Keys;
using Doorward.Server.Store.Tables;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>The base of contracts about sessions: one node with a store, and a person to sign in.</summary>
public abstract class SessionTest : StoreTest
{
    private protected static readonly Browser Browser = new("192.0.2.7", "a test");

    private protected SignedIn Ada() => new()
    {
        Provider = "corp",
        Subject = "ada",
        Name = "Ada",
        Email = "ada@example.com",
        EmailVerified = true,
        Groups = [new GroupFact("g1", "sre")],
        Claims = new Dictionary<string, FactValue> { ["department"] = new("ops"), ["teams"] = new((IReadOnlyList<string>)["a", "b"]) },
        Acr = "mfa",
        Amr = ["otp"],
        AuthTime = Time.GetUtcNow(),
        Tokens = new("access-1", "refresh-1", "id-1", Time.GetUtcNow().AddMinutes(5)),
    };

    /// <param name="idle">The limit of idleness.</param>
    /// <param name="time">The node's own clock, where it differs.</param>
    /// <param name="absolute">How long sessions last at most.</param>
    private protected async Task<Room> StartAsync(TimeSpan? idle = null, TimeProvider? time = null, TimeSpan? absolute = null)
    {
        var database = await Lab.OpenAsync();
        var problems = new List<Problem>();
        RootKey.CreateFile(Lab.Options.RootKeyFile);
        var root = RootKey.Load(Lab.Options.RootKeyFile, Lab.Options.Place, problems)!;
        Assert.Null(await new KeyRotation(database, root, Time).StartAsync(Lab.Options.Place, default));
        var node = StartNode(database);
        var ring = new KeyRing(database, root, Time);
        var token = new KeyedToken(() => [((SymmetricKey)ring.Active(KeyPurpose.Tag)).For("session")]);
        var tokens = new KeptTokens(database, new Secrets(ring), time ?? Time);
        var table = new SessionTable(database, token, Time, new TableOptions());
        node.Feed.Subscribe(ring);
        var devices = new DeviceTable(database, new TableOptions(), Time);
        foreach (var one in table.Tables.Append(devices.Table)) node.Feed.Subscribe(one);
        await node.Feed.LookAsync();
        var limits = new SessionLimits(absolute ?? TimeSpan.FromHours(14), idle);
        var sessions = new SessionStore(database, time ?? Time, tokens, limits);
        return new(
            node,
            sessions,
            new SessionActivity(database, sessions, limits, Time),
            new Cookies(database, token),
            new HandOver(database, token),
            tokens,
            table,
            devices);
    }

    /// <summary>Lets time pass for what waits by the store's clock too; PostgreSQL has its own.</summary>
    private protected async Task PassAsync(Room room, TimeSpan by)
    {
        Time.Advance(by);
        if (!Lab.WritersAreConcurrent) return;
        await room.Node.Database.WriteAsync(transaction => transaction.ExecuteAsync(
            """
            UPDATE session_tokens SET refresh_at = refresh_at - @by, claimed_until = CASE WHEN claimed_until = 0 THEN 0 ELSE claimed_until - @by END,
                contested_until = CASE WHEN contested_until = 0 THEN 0 ELSE contested_until - @by END
            """,
            new { by = (long)by.TotalMilliseconds }));
    }

    private protected sealed record Room(Node Node, SessionStore Sessions, SessionActivity Activity, Cookies Cookies, HandOver HandOver, KeptTokens Tokens, SessionTable Table, DeviceTable Devices);
}
