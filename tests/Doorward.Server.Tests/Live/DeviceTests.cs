using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>What is told of a device counts at once for whoever is on it, open streams included.</summary>
public sealed class DeviceTests : IAsyncLifetime
{
    private readonly LiveDoor _door = new();
    private KestrelUpstream _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await StreamingService.StartAsync();
        await _door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", policy: {{ allow: {{ and: [ {{ device/compliant: true }} ] }} }} }}");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_device_falls_out_of_compliance_and_what_is_open_on_it_ends_and_nothing_else()
    {
        await TellAsync("d1", true);
        await TellAsync("d2", true);
        using var fallen = await OpenAsync("ada", "d1");
        using var other = await OpenAsync("bob", "d2");

        await TellAsync("d1", false);

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync(fallen)).MessageType);
        Assert.Equal(4403, (int)fallen.CloseStatus!);
        Assert.StartsWith("device changed: ", (await _door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
        await other.SendAsync("still there?"u8.ToArray(), WebSocketMessageType.Text, true, default);
        Assert.Equal(WebSocketMessageType.Text, (await ReceiveAsync(other)).MessageType);
    }

    [Theory]
    [InlineData("d1", 403)]
    [InlineData(null, 450)]
    public async Task A_device_that_is_unknown_or_of_which_nobody_told_is_never_compliant(string? device, int status) =>
        Assert.Equal(status, (int)await StatusAsync("ada", device));

    [Fact]
    public async Task A_lock_on_a_device_ends_what_is_open_on_it()
    {
        await TellAsync("d1", true);
        using var socket = await OpenAsync("ada", "d1");
        await _door.Services.GetRequiredService<LockStore>().SetAsync(new(LockKind.Device, "corp/d1"), "lost", "a test");
        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync(socket)).MessageType);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("ada", "d1"));
    }

    [Fact]
    public async Task The_administration_tells_what_is_known_of_a_device_and_of_a_refusal_who_told_it()
    {
        await TellAsync("d1", false);
        var (session, cookie) = await _door.SignInAsync(Said("ada", "d1"));
        using var refused = await AskAsync($"https://{LiveDoor.Host}/", ("Cookie", cookie));
        var request = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request_id").GetString();
        var admin = ("Authorization", $"Bearer {(await _door.Services.GetRequiredService<ServiceAccountStore>().CreateAsync("robot", ServiceAccountRole.Admin, null, null, default))!.Secret}");

        using var explained = await AskAsync($"https://door.test{AdministrationApi.Path}/explanations/{request}", admin);
        var criterion = (await explained.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("criteria")[0];
        Assert.Equal("device/compliant", criterion.GetProperty("key").GetString());
        Assert.StartsWith("«a test», about corp/d1, as of 2", criterion.GetProperty("source").GetString(), StringComparison.Ordinal);

        using var shown = await AskAsync($"https://door.test{AdministrationApi.Path}/devices/corp/d1", admin);
        var device = await shown.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((false, "compliant", "a test", session.Id), (
            device.GetProperty("compliant").GetBoolean(), device.GetProperty("facts")[0].GetProperty("name").GetString(),
            device.GetProperty("facts")[0].GetProperty("source").GetString(), device.GetProperty("sessions")[0].GetProperty("id").GetString()));
    }

    private async Task<HttpResponseMessage> AskAsync(string url, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { header.Name, header.Value } } };
        return await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
    }

    private Task<bool> TellAsync(string device, bool compliant) => _door.Services.GetRequiredService<DeviceStore>().TellAsync(
        new() { Provider = "corp", Device = device, Source = "a test", At = DateTimeOffset.UtcNow, Compliant = compliant });

    private async Task<HttpStatusCode> StatusAsync(string person, string? device)
    {
        var (_, cookie) = await _door.SignInAsync(Said(person, device));
        using var answer = await AskAsync($"https://{LiveDoor.Host}/", ("Cookie", cookie));
        return answer.StatusCode;
    }

    private async Task<ClientWebSocket> OpenAsync(string person, string device)
    {
        var (_, cookie) = await _door.SignInAsync(Said(person, device));
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(_door.Handler()), default);
        return socket;
    }

    private static SignedIn Said(string person, string? device) => LiveDoor.Said(person) with { Device = device };

    private static async Task<WebSocketReceiveResult> ReceiveAsync(ClientWebSocket socket)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await socket.ReceiveAsync(new byte[200], soon.Token);
    }
}
