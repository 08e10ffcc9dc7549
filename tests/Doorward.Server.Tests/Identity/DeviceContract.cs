using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>What sources tell of devices, on every store.</summary>
public abstract class DeviceContract : SessionTest
{
    [Fact]
    public async Task A_device_of_which_nobody_has_told_is_known_by_its_id_alone()
    {
        var (room, caller) = await SignedInAsync();
        Assert.False(room.Devices.TryAdd(ref caller));
        caller = await room.Devices.AddAsync(caller, null, default);
        Assert.Equal(("corp/d1", null, 0), (caller.Device!.Id, caller.Device.Facts.Compliant, caller.Device.Facts.Attributes.Count));
        // And from then on no request asks the store for it.
        Assert.True(room.Devices.TryAdd(ref caller));
    }

    [Fact]
    public async Task The_first_word_about_a_device_reaches_those_who_knew_none()
    {
        var (room, caller) = await SignedInAsync();
        await room.Devices.AddAsync(caller, null, default);
        await TellAsync(room, Report() with { Compliant = true, Managed = true, Owner = "ada@example.com", Attributes = new Dictionary<string, FactValue> { ["os"] = new("macOS") } });
        await room.Node.Feed.LookAsync();
        var facts = (await room.Devices.AddAsync(caller, null, default)).Device!.Facts;
        Assert.Equal((true, true, "ada@example.com", "macOS"), (facts.Compliant, facts.Attributes["managed"].Value, facts.Attributes["owner"].Value, facts.Attributes["os"].Value));
    }

    [Fact]
    public async Task Of_two_words_about_the_same_the_later_in_time_counts_in_whatever_order_they_come()
    {
        var room = await StartAsync();
        var now = Time.GetUtcNow();
        Assert.True(await TellAsync(room, Report() with { At = now.AddSeconds(-10), Compliant = false }));
        Assert.False(await TellAsync(room, Report() with { At = now.AddSeconds(-20), Compliant = true }));
        Assert.False((await FindAsync(room)).Facts.Compliant);
        // What it is silent about is another matter: of that, the earlier word is the only one.
        Assert.True(await TellAsync(room, Report() with { At = now.AddSeconds(-20), Source = "posture/fleet", Compliant = true, Managed = true }));
        var device = await FindAsync(room);
        Assert.Equal((false, true), (device.Facts.Compliant, device.Facts.Attributes["managed"].Value));
        Assert.Equal(["posture/fleet", "signals/okta"], device.Told.Select(fact => fact.Source).Order());
    }

    [Fact]
    public async Task A_source_whose_clock_runs_ahead_does_not_outlast_the_next_word()
    {
        var room = await StartAsync();
        await TellAsync(room, Report() with { At = Time.GetUtcNow().AddDays(400), Compliant = true });
        Time.Advance(TimeSpan.FromSeconds(1));
        await TellAsync(room, Report() with { At = Time.GetUtcNow(), Compliant = false });
        Assert.False((await FindAsync(room)).Facts.Compliant);
    }

    [Fact]
    public async Task The_same_again_is_told_to_nobody()
    {
        var room = await StartAsync();
        await TellAsync(room, Report() with { Compliant = true });
        var before = await LastAsync(room.Node.Database);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await TellAsync(room, Report() with { At = Time.GetUtcNow(), Compliant = true }));
        Assert.Equal(before, await LastAsync(room.Node.Database));
        Assert.Equal(Time.GetUtcNow().ToUnixTimeMilliseconds(), Assert.Single((await FindAsync(room)).Told).At);
    }

    [Fact]
    public async Task An_attribute_cannot_pass_for_what_an_administrator_or_the_standard_says()
    {
        var room = await StartAsync();
        await TellAsync(room, Report() with { Compliant = false, Attributes = new Dictionary<string, FactValue> { ["compliant"] = new(true), ["approved"] = new(true), ["disk"] = new("encrypted") } });
        var device = await FindAsync(room);
        Assert.Equal((false, null, 1), (device.Facts.Compliant, device.Facts.Approved, device.Facts.Attributes.Count));
    }

    [Fact]
    public async Task A_sign_in_that_is_silent_about_the_device_leaves_the_session_on_it()
    {
        var (room, caller) = await SignedInAsync();
        var again = await room.Sessions.StepUpAsync(caller.Session!.Id, Ada(), Remedies.None);
        Assert.Equal("corp/d1", again!.Device);
        var other = await room.Sessions.StepUpAsync(caller.Session.Id, Ada() with { Device = "d2" }, Remedies.None);
        Assert.Equal("corp/d2", other!.Device);
    }

    [Fact]
    public async Task Devices_are_found_by_a_session_or_by_what_was_told()
    {
        var (room, caller) = await SignedInAsync();
        await TellAsync(room, Report() with { Device = "d2_", Compliant = true });
        var store = new DeviceStore(room.Node.Database, Time);
        Assert.Equal(["corp/d1", "corp/d2_"], (await store.ListAsync(null, 10, default)).Select(one => one.Device.Id));
        Assert.Equal("corp/d2_", Assert.Single(await store.ListAsync("corp/d2_", 10, default)).Device.Id);
        Assert.Empty(await store.ListAsync("corp/d__", 10, default));
        Assert.Equal((caller.Session!.Id, "corp/ada"), (await store.FindAsync("corp/d1", default))!.Sessions.Select(one => (one.Id, one.Person)).Single());
        Assert.Null(await store.FindAsync("corp/d3", default));
    }

    private static DeviceReport Report(string device = "d1") => new() { Provider = "corp", Device = device, Source = "signals/okta", At = DateTimeOffset.UnixEpoch };

    private Task<bool> TellAsync(Room room, DeviceReport report) => new DeviceStore(room.Node.Database, Time).TellAsync(report);

    private async Task<Device> FindAsync(Room room) => (await new DeviceStore(room.Node.Database, Time).FindAsync("corp/d1", default))!.Device;

    private async Task<(Room Room, Caller Caller)> SignedInAsync()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada() with { Device = "d1" }, Browser, null);
        await room.Node.Feed.LookAsync();
        return (room, await room.Table.FindAgainAsync(session.Id, default));
    }
}

public sealed class SqliteDeviceTests : DeviceContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class PostgresDeviceTests : DeviceContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
