using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>A server that lets in whoever is on a device that complies, and what tells it of devices.</summary>
internal sealed class DeviceDoor : IAsyncDisposable
{
    public const string Secret = "a-secret-of-a-posture-source-that-is-long";

    private KestrelUpstream _upstream = null!;

    public LiveDoor Door { get; private set; } = null!;

    public DeviceStore Devices => Door.Services.GetRequiredService<DeviceStore>();

    /// <param name="settings">Further top-level keys.</param>
    /// <param name="postgres">The store; a file where null.</param>
    public static async Task<DeviceDoor> StartAsync(string settings = "", string? postgres = null)
    {
        var upstream = await StreamingService.StartAsync();
        var door = new LiveDoor { Settings = settings, Postgres = postgres };
        await door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{upstream.Port}\", policy: {{ allow: {{ and: [ {{ device/compliant: true }} ] }} }} }}");
        return new() { Door = door, _upstream = upstream };
    }

    /// <summary>Somebody, as if of a source, says whether a device complies.</summary>
    public Task<bool> TellAsync(string device, bool compliant) => Devices.TellAsync(new() { Provider = "corp", Device = device, Source = "a test", At = DateTimeOffset.UtcNow, Compliant = compliant });

    public async Task<Device?> FindAsync(string id) => (await Devices.FindAsync("corp/" + id, default))?.Device;

    public async Task<string> CookieAsync(string person, string? device) => (await Door.SignInAsync(LiveDoor.Said(person) with { Device = device })).Cookie;

    /// <summary>What somebody who signs in on this device gets.</summary>
    public async Task<HttpStatusCode> StatusAsync(string? device, string person = "ada")
    {
        using var answer = await AskAsync($"https://{LiveDoor.Host}/", ("Cookie", await CookieAsync(person, device)));
        return answer.StatusCode;
    }

    public Task<HttpResponseMessage> AskAsync(string url, (string Name, string Value) header) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { header.Name, header.Value } } });

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request) return await new HttpMessageInvoker(Door.Handler()).SendAsync(request, default);
    }

    public async Task<ClientWebSocket> SocketAsync(string cookie, SocketsHttpHandler? handler = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(handler ?? Door.Handler()), default);
        return socket;
    }

    public static async Task<WebSocketReceiveResult> ReceiveAsync(ClientWebSocket socket)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await socket.ReceiveAsync(new byte[200], soon.Token);
    }

    /// <summary>A message of a posture source, signed.</summary>
    public static HttpRequestMessage Message(string source, string body, string secret = Secret, DateTimeOffset? at = null, (string Signature, string Time)? headers = null)
    {
        var time = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var (signature, timestamp) = headers ?? ("X-Doorward-Signature", "X-Doorward-Timestamp");
        return new HttpRequestMessage(HttpMethod.Post, $"https://door.test/.doorward/posture/{source}")
        {
            Content = new StringContent(body, null, "application/json"),
            Headers = { { timestamp, time }, { signature, "sha256=" + Hash(secret, $"{time}.{body}") } },
        };
    }

    public static string Hash(string secret, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    public async ValueTask DisposeAsync()
    {
        await Door.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
