using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.ServiceAccounts;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>What is told of a device counts at once for whoever is on it, open streams included.</summary>
public sealed class DeviceTests : IAsyncLifetime
{
    private DeviceDoor _lab = null!;

    private LiveDoor Door => _lab.Door;

    public async ValueTask InitializeAsync() => _lab = await DeviceDoor.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_device_falls_out_of_compliance_and_what_is_open_on_it_ends_and_nothing_else()
    {
        await _lab.TellAsync("d1", true);
        await _lab.TellAsync("d2", true);
        using var fallen = await OpenAsync("ada", "d1");
        using var other = await OpenAsync("bob", "d2");

        await _lab.TellAsync("d1", false);

        Assert.Equal(WebSocketMessageType.Close, (await DeviceDoor.ReceiveAsync(fallen)).MessageType);
        Assert.Equal(4403, (int)fallen.CloseStatus!);
        Assert.StartsWith("device changed: ", (await Door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
        await other.SendAsync("still there?"u8.ToArray(), WebSocketMessageType.Text, true, default);
        Assert.Equal(WebSocketMessageType.Text, (await DeviceDoor.ReceiveAsync(other)).MessageType);
    }

    [Theory]
    [InlineData("d1", 403)]
    [InlineData(null, 450)]
    public async Task A_device_that_is_unknown_or_of_which_nobody_told_is_never_compliant(string? device, int status) =>
        Assert.Equal(status, (int)await _lab.StatusAsync(device));

    [Fact]
    public async Task A_lock_on_a_device_ends_what_is_open_on_it()
    {
        await _lab.TellAsync("d1", true);
        using var socket = await OpenAsync("ada", "d1");
        await Door.Services.GetRequiredService<LockStore>().SetAsync(new(LockKind.Device, "corp/d1"), "lost", "a test");
        Assert.Equal(WebSocketMessageType.Close, (await DeviceDoor.ReceiveAsync(socket)).MessageType);
        Assert.Equal(HttpStatusCode.Forbidden, await _lab.StatusAsync("d1"));
    }

    [Fact]
    public async Task The_administration_tells_what_is_known_of_a_device_and_of_a_refusal_who_told_it()
    {
        await _lab.TellAsync("d1", false);
        var (session, cookie) = await Door.SignInAsync(LiveDoor.Said("ada") with { Device = "d1" });
        using var refused = await _lab.AskAsync($"https://{LiveDoor.Host}/", ("Cookie", cookie));
        var request = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request_id").GetString();
        var admin = ("Authorization", $"Bearer {(await Door.Services.GetRequiredService<ServiceAccountStore>().CreateAsync("robot", ServiceAccountRole.Admin, null, null, default))!.Secret}");

        using var explained = await _lab.AskAsync($"https://door.test{AdministrationApi.Path}/explanations/{request}", admin);
        var criterion = (await explained.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("criteria")[0];
        Assert.Equal("device/compliant", criterion.GetProperty("key").GetString());
        Assert.StartsWith("«a test», about corp/d1, as of 2", criterion.GetProperty("source").GetString(), StringComparison.Ordinal);

        using var shown = await _lab.AskAsync($"https://door.test{AdministrationApi.Path}/devices/corp/d1", admin);
        var device = await shown.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((false, "compliant", "a test", session.Id), (
            device.GetProperty("compliant").GetBoolean(), device.GetProperty("facts")[0].GetProperty("name").GetString(),
            device.GetProperty("facts")[0].GetProperty("source").GetString(), device.GetProperty("sessions")[0].GetProperty("id").GetString()));
    }

    private async Task<ClientWebSocket> OpenAsync(string person, string device) => await _lab.SocketAsync(await _lab.CookieAsync(person, device));
}
