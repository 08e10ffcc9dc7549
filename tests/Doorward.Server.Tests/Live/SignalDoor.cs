using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Audit;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>A server behind which something streams, its provider, and a transmitter that speaks about the provider's people.</summary>
internal sealed class SignalDoor : IAsyncDisposable
{
    public const string Own = "door.localhost", Audience = "https://door.example.com/signals", Caep = "https://schemas.openid.net/secevent/caep/event-type/", Risc = "https://schemas.openid.net/secevent/risc/event-type/", Framework = "https://schemas.openid.net/secevent/ssf/event-type/";

    /// <summary>All types of events but those about the stream.</summary>
    public const string Every = "session-revoked, token-claims-change, credential-change, assurance-level-change, device-compliance-change, session-established, session-presented, risk-level-change, account-credential-change-required, account-purged, account-disabled, account-enabled, identifier-changed, identifier-recycled, credential-compromise, sessions-revoked";

    private KestrelUpstream _upstream = null!;
    private HttpMessageInvoker _http = null!;
    private string _routes = "";

    public LiveDoor Door { get; private set; } = null!;

    /// <summary>Both provider and transmitter, as many are.</summary>
    public LyingProvider Provider { get; private set; } = null!;

    /// <param name="policy">The route's.</param>
    /// <param name="more">Further keys of the transmitter.</param>
    /// <param name="route">Further keys of the route.</param>
    /// <param name="time">The clock; the system's where null.</param>
    /// <param name="postgres">The store; a file where null.</param>
    /// <param name="events">The types that it may send; null where the operator has written none.</param>
    /// <param name="settings">Further top-level keys.</param>
    /// <param name="prepare">Before the server can ask the provider anything.</param>
    public static async Task<SignalDoor> StartAsync(string policy = "{ allow: { and: [ { authenticated_user: true } ] } }", string more = "", string route = "", TimeProvider? time = null, string? postgres = null, Action<LyingProvider>? prepare = null, string? events = Every, string settings = "")
    {
        var provider = await LyingProvider.StartAsync();
        prepare?.Invoke(provider);
        var upstream = await StreamingService.StartAsync();
        var door = new LiveDoor
        {
            Own = Own, Issuer = provider.Issuer, Postgres = postgres, Time = time ?? TimeProvider.System,
            Settings = $"signals: [ {{ name: okta, providers: [ corp ], domains: [ example.com ], issuer: \"{provider.Issuer}\", audience: \"{Audience}\"{more}{(events is null ? "" : $", events: [ {events} ]")} }} ]\n{settings}",
        };
        var routes = $"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{upstream.Port}\", policy: {policy}{route} }}";
        await door.StartAsync(routes);
        return new() { Door = door, Provider = provider, _upstream = upstream, _http = new(door.Handler()), _routes = routes };
    }

    /// <summary>Another node on the same store, to which nobody tells anything.</summary>
    public async Task<LiveDoor> AnotherAsync()
    {
        var door = new LiveDoor { Own = Own, Issuer = Provider.Issuer, Postgres = Door.Postgres, RootKey = Door.RootKey, Settings = Door.Settings };
        await door.StartAsync(_routes);
        return door;
    }

    public SessionStore Sessions => Door.Services.GetRequiredService<SessionStore>();

    public DateTimeOffset Now => Door.Time.GetUtcNow();

    /// <summary>Signs somebody in whose provider told its own session's id.</summary>
    public Task<(Session Session, string Cookie)> SignInAsync(string person = "ada", string? sid = "sid-1", string? acr = null, string? device = null, params string[] groups) =>
        Door.SignInAsync(LiveDoor.Said(person, groups) with { ProviderSessionId = sid, Acr = acr, Device = device });

    public JsonObject Person(string subject = "ada") => new() { ["format"] = "iss_sub", ["iss"] = Provider.Issuer, ["sub"] = subject };

    /// <summary>Tells one event about a subject.</summary>
    public async Task<(HttpStatusCode Status, string? Error)> TellAsync(string type, JsonNode subject, JsonObject? body = null, DateTimeOffset? at = null, string? id = null, string? token = null)
    {
        body = (JsonObject?)body?.DeepClone() ?? [];
        if (!body.ContainsKey("event_timestamp")) body["event_timestamp"] = (at ?? Now).ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Provider.Issuer, ["aud"] = Audience, ["iat"] = Now.ToUnixTimeSeconds(), ["jti"] = id ?? Guid.NewGuid().ToString(), ["sub_id"] = subject.DeepClone(), ["events"] = new JsonObject { [type] = body },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{Own}/.doorward/signals/okta") { Content = new StringContent(Provider.Write(claims, "secevent+jwt")) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/secevent+jwt");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, default);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(text).GetProperty("err").GetString());
    }

    public async Task<HttpStatusCode> LogOutAsync(string? subject, string? sid)
    {
        var claims = new JsonObject
        {
            ["iss"] = Provider.Issuer, ["aud"] = "doorward", ["iat"] = Now.ToUnixTimeSeconds(), ["exp"] = Now.AddMinutes(2).ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString(),
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        if (subject is not null) claims["sub"] = subject;
        if (sid is not null) claims["sid"] = sid;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{Own}/.doorward/backchannel-logout/corp") { Content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", Provider.Write(claims, "logout+jwt"))]) };
        using var answer = await _http.SendAsync(request, default);
        return answer.StatusCode;
    }

    /// <summary>What the route answers to whoever has this cookie.</summary>
    public async Task<HttpStatusCode> AskAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{LiveDoor.Host}/") { Headers = { { "Cookie", cookie }, { "Accept", "application/json" } } };
        using var answer = await _http.SendAsync(request, default);
        return answer.StatusCode;
    }

    public async Task<ClientWebSocket> SocketAsync(string cookie, LiveDoor? at = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker((at ?? Door).Handler()), default);
        return socket;
    }

    public static async Task<int> ClosedAsync(ClientWebSocket socket)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[100], soon.Token)).MessageType);
        return (int)socket.CloseStatus!;
    }

    /// <summary>The records of signals, the oldest first.</summary>
    public async Task<JsonElement[]> RecordsAsync()
    {
        var trail = Door.Services.GetRequiredService<AuditTrail>();
        await trail.FlushAsync();
        return [.. new TrailFolder(trail.Folder).Records().Select(TrailFolder.Body).Where(body => TrailFolder.KindOf(body) == "signal")];
    }

    /// <summary>What came of the last message.</summary>
    public async Task<string?> EffectAsync() => (await RecordsAsync())[^1].GetProperty("details").GetProperty("effect").GetString();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Door.DisposeAsync();
        await _upstream.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
