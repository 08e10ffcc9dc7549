using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Store;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>The certificate that a client shows says which device it is.</summary>
public sealed class CertificateDeviceTests : IAsyncLifetime
{
    private readonly TestCa _clients = new("CN=Clients");
    private readonly LiveDoor _door;
    private KestrelUpstream _upstream = null!;

    public CertificateDeviceTests() => _door = new()
    {
        Settings = Settings,
    };

    private string Settings => $"downstream_mtls: {{ ca: {Convert.ToBase64String(Encoding.ASCII.GetBytes(_clients.Pem))}, enforcement: policy, device: uri }}";

    public async ValueTask InitializeAsync()
    {
        _upstream = await StreamingService.StartAsync();
        await _door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", policy: {{ allow: {{ and: [ {{ device/compliant: true }} ] }} }} }}");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
        _clients.Dispose();
    }

    [Fact]
    public async Task The_device_of_the_certificate_counts_before_the_one_of_the_sign_in_and_a_change_of_it_ends_what_is_open()
    {
        await TellAsync("urn:laptop:1", true);
        var (_, cookie) = await _door.SignInAsync(LiveDoor.Said("ada") with { Device = "by-claim" });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(cookie, "urn:laptop:1"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(cookie));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(Handler(_door, "urn:laptop:1")), default);

        await TellAsync("urn:laptop:1", false);

        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[200], soon.Token)).MessageType);
        Assert.Equal("Your device is not in order, or not any more.", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task A_certificate_with_two_names_names_no_device()
    {
        await TellAsync("urn:laptop:1", true);
        var (_, cookie) = await _door.SignInAsync(LiveDoor.Said("ada") with { Device = "by-claim" });
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(cookie, "urn:laptop:1", "urn:laptop:2"));
    }

    [Theory]
    [InlineData("corp/by-claim")]
    [InlineData("corp/urn:laptop:1")]
    public async Task A_lock_on_the_device_under_either_name_denies(string key)
    {
        await TellAsync("urn:laptop:1", true);
        var (_, cookie) = await _door.SignInAsync(LiveDoor.Said("ada") with { Device = "by-claim" });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(cookie, "urn:laptop:1"));
        await _door.Services.GetRequiredService<LockStore>().SetAsync(new(LockKind.Device, key), null, null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(cookie, "urn:laptop:1"));
    }

    [Fact]
    public async Task A_revocation_of_the_device_ends_what_is_shown_to_be_on_it_until_the_person_signs_in_anew()
    {
        await using var lab = await SignalDoor.StartAsync(settings: Settings);
        var (session, cookie) = await lab.SignInAsync();
        var (_, other) = await lab.SignInAsync("bob", "sid-2");
        using var socket = await SocketAsync(lab, cookie);

        await RevokeAsync(lab);

        Assert.Equal("what had begun on the device is over", await lab.EffectAsync());
        Assert.Equal(4401, await SignalDoor.ClosedAsync(socket));
        // It was open there: it is over everywhere, though nobody asks again.
        await Eventually.Holds(async () => await lab.Sessions.ListAsync(session.PersonId, 10, default) is []);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(lab.Door, cookie, "urn:laptop:2"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lab.Door, other, "urn:laptop:2"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lab.Door, (await lab.SignInAsync()).Cookie, "urn:laptop:1"));
    }

    [Fact]
    public async Task A_browser_on_a_device_that_was_revoked_signs_in_anew_and_goes_on()
    {
        await using var lab = await SignalDoor.StartAsync(settings: Settings, prepare: provider => provider.Time.SetRight());
        using var browser = new LabBrowser(Handler(lab.Door, "urn:laptop:1"));
        var page = new Uri($"https://{LiveDoor.Host}/");
        Assert.Equal(HttpStatusCode.OK, (await browser.FollowAsync(page)).Answer.StatusCode);
        var before = Assert.Single(await lab.Sessions.ListAsync("corp/ada", 10, default));

        await RevokeAsync(lab);

        var (answer, url) = await browser.FollowAsync(page);
        Assert.Equal((HttpStatusCode.OK, page, 2), (answer.StatusCode, url, lab.Provider.Hits["/authorize"]));
        Assert.NotEqual(before.Id, Assert.Single(await lab.Sessions.ListAsync("corp/ada", 10, default)).Id);
    }

    [Fact]
    public async Task Many_requests_that_show_a_session_that_is_over_end_it_once_and_none_passes()
    {
        await using var lab = await SignalDoor.StartAsync(settings: Settings);
        var (session, cookie) = await lab.SignInAsync();
        await RevokeAsync(lab);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StatusAsync(lab.Door, cookie, "urn:laptop:1")));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer));
        Assert.Equal(1, await lab.Door.Services.GetRequiredService<Database>().ReadAsync(store =>
            store.FindAsync<long>("SELECT count(*) FROM changes WHERE key = @Id AND cause = 'shown on a device on which it was over'", new { session.Id })));
    }

    [Fact]
    public async Task A_word_about_a_person_on_a_device_ends_what_of_theirs_a_certificate_shows_to_be_on_it()
    {
        await using var lab = await SignalDoor.StartAsync(settings: Settings);
        var (_, ada) = await lab.SignInAsync(device: "by-claim");
        var (_, elsewhere) = await lab.SignInAsync(sid: "sid-2", device: "by-claim");
        var (_, bob) = await lab.SignInAsync("bob", "sid-3");
        using var socket = await SocketAsync(lab, ada);

        await RevokeAsync(lab, lab.Person());

        Assert.Equal("what had begun on the device is over", await lab.EffectAsync());
        Assert.Equal(4401, await SignalDoor.ClosedAsync(socket));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(lab.Door, ada, "urn:laptop:1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lab.Door, elsewhere));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lab.Door, bob, "urn:laptop:1"));
    }

    [Theory]
    [InlineData("sid-1", HttpStatusCode.Unauthorized)]
    [InlineData("sid-2", HttpStatusCode.OK)]
    public async Task A_word_about_a_session_on_a_device_ends_that_session_where_it_is_shown_there(string named, HttpStatusCode expected)
    {
        await using var lab = await SignalDoor.StartAsync(settings: Settings);
        var (_, cookie) = await lab.SignInAsync(device: "by-claim");
        await RevokeAsync(lab, session: new() { ["format"] = "opaque", ["id"] = named });
        Assert.Equal(expected, await StatusAsync(lab.Door, cookie, "urn:laptop:1"));
    }

    [Fact]
    public async Task A_word_about_nobody_who_is_known_on_a_device_says_that_it_matched_nothing()
    {
        await using var lab = await SignalDoor.StartAsync(settings: Settings);
        var (_, cookie) = await lab.SignInAsync();
        await RevokeAsync(lab, new() { ["format"] = "email", ["email"] = "stranger@example.com" });
        Assert.Equal("unmatched", await lab.EffectAsync());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(lab.Door, cookie, "urn:laptop:1"));
    }

    private static async Task RevokeAsync(SignalDoor lab, JsonObject? user = null, JsonObject? session = null)
    {
        var subject = new JsonObject { ["format"] = "complex", ["device"] = new JsonObject { ["format"] = "opaque", ["id"] = "urn:laptop:1" } };
        if (user is not null) subject["user"] = user;
        if (session is not null) subject["session"] = session;
        Assert.Equal((HttpStatusCode.Accepted, null), await lab.TellAsync(SignalDoor.Caep + "session-revoked", subject));
    }

    private async Task<ClientWebSocket> SocketAsync(SignalDoor lab, string cookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(Handler(lab.Door, "urn:laptop:1")), default);
        return socket;
    }

    private Task<bool> TellAsync(string device, bool compliant) => _door.Services.GetRequiredService<DeviceStore>().TellAsync(
        new() { Provider = "corp", Device = device, Source = "a test", At = DateTimeOffset.UtcNow, Compliant = compliant });

    private Task<HttpStatusCode> StatusAsync(string cookie, params string[] names) => StatusAsync(_door, cookie, names);

    private async Task<HttpStatusCode> StatusAsync(LiveDoor door, string cookie, params string[] names)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{LiveDoor.Host}/") { Headers = { { "Cookie", cookie }, { "Accept", "application/json" } } };
        using var answer = await new HttpMessageInvoker(Handler(door, names)).SendAsync(request, default);
        return answer.StatusCode;
    }

    private SocketsHttpHandler Handler(LiveDoor door, params string[] names)
    {
        var handler = door.Handler();
        if (names.Length == 0) return handler;
        var certificate = _clients.Issue("CN=a device", san =>
        {
            foreach (var name in names) san.AddUri(new Uri(name));
        });
        handler.SslOptions.ClientCertificates = [certificate];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return handler;
    }
}
