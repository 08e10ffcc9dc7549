using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Doorward.Server.Access.Locks;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>The administration from afar, and what its acts do to what is open.</summary>
public sealed class AdministrationTests : IAsyncLifetime
{
    private readonly LiveDoor _door = new();
    private KestrelUpstream _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await StreamingService.StartAsync();
        await _door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", allow_any_authenticated_user: true }}");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("DELETE", "sessions?person=corp%2Fada", null, 4401)]
    [InlineData("PUT", "end-dates/corp/ada", "{\"end\":\"2020-01-01T00:00:00Z\"}", 4403)]
    [InlineData("PUT", "locks/person/corp/ada", "{}", 4403)]
    [InlineData("PUT", "locks/address/127.0.0.0/8", "{\"reason\":\"a test\"}", 4403)]
    [InlineData("PUT", "locks/route/app", "{}", 4403)]
    public async Task What_takes_access_away_ends_what_is_open(string method, string path, string? body, int code)
    {
        using var socket = await SocketAsync();

        using var answer = await AskAsync(new HttpMethod(method), path, body, await AdminAsync());

        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        using var soon = new CancellationTokenSource(Eventually.Patience);
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[100], soon.Token)).MessageType);
        Assert.Equal(code, (int)socket.CloseStatus!);
    }

    [Fact]
    public async Task What_takes_access_away_completes_even_if_its_caller_has_gone()
    {
        var (_, cookie) = await _door.SignInAsync("ada");
        var secret = await AdminAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var client = await TlsClient.ConnectAsync(_door.Port, "door.test");
            await client.Stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                $"PUT {AdministrationApi.Path}/locks/session/s{i} HTTP/1.1\r\nHost: door.test\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"));
        }

        await Eventually.Holds(async () => (await _door.Services.GetRequiredService<LockStore>().ListAsync(default)).Count == 20);
        Assert.NotEmpty(cookie);
    }

    [Fact]
    public async Task Sessions_and_people_are_told_with_what_is_known_of_them()
    {
        var (session, _) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        var secret = await AdminAsync();
        var sessions = await JsonAsync("sessions?person=corp/ada", secret);
        Assert.Equal((session.Id, "corp/ada", "127.0.0.1"), (sessions[0].GetProperty("id").GetString(), sessions[0].GetProperty("person").GetString(), sessions[0].GetProperty("address").GetString()));
        Assert.Equal(0, (await JsonAsync("sessions?person=corp/bob", secret)).GetArrayLength());
        var person = await JsonAsync("people/corp/ada", secret);
        Assert.Equal(("ada@example.com", true, "sre"), (person.GetProperty("email").GetString(), person.GetProperty("active").GetBoolean(), person.GetProperty("groups")[0].GetString()));
        Assert.Equal("corp/ada", (await JsonAsync("people?text=ADA@", secret))[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_person_whom_the_policy_admins_allows_may_with_our_header_and_not_without()
    {
        var (_, admin) = await _door.SignInAsync("grace", "door.test", "admins");
        var (_, other) = await _door.SignInAsync("ada", "door.test", "sre");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(admin, AdministrationApi.OwnHeader));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(admin, null));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(other, AdministrationApi.OwnHeader));

        await _door.Services.GetRequiredService<LockStore>().SetAsync(new Policy.Lock(Policy.LockKind.Person, "corp/grace"), null, null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(admin, AdministrationApi.OwnHeader));
    }

    [Fact]
    public async Task The_document_describes_what_there_is_and_nothing_else()
    {
        var document = await JsonAsync("openapi.json", await AdminAsync());
        var told = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order();
        var routes = new RouteProbe(_door.Services);
        _door.Services.GetRequiredService<AdministrationApi>().MapLocal(routes);
        var there = routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            .Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)[AdministrationApi.Path.Length..].TrimEnd('/')}")).Order();
        Assert.Equal(there, told);
    }

    private async Task<string> AdminAsync()
    {
        var issued = await _door.Services.GetRequiredService<ServiceAccountStore>().CreateAsync("robot", ServiceAccountRole.Admin, null, null, default);
        return issued!.Secret;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? body, string secret)
    {
        using var request = new HttpRequestMessage(method, $"https://door.test{AdministrationApi.Path}/{path}") { Headers = { { "Authorization", $"Bearer {secret}" } } };
        if (body is not null) request.Content = new StringContent(body, null, "application/json");
        return await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
    }

    private async Task<JsonElement> JsonAsync(string path, string secret)
    {
        using var answer = await AskAsync(HttpMethod.Get, path, null, secret);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpStatusCode> StatusAsync(string cookie, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://door.test{AdministrationApi.Path}/sessions") { Headers = { { "Cookie", cookie } } };
        if (header is not null) request.Headers.Add(header, "1");
        using var answer = await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
        return answer.StatusCode;
    }

    private async Task<ClientWebSocket> SocketAsync()
    {
        var (_, cookie) = await _door.SignInAsync("ada");
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(_door.Handler()), default);
        return socket;
    }

    private sealed class RouteProbe(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public Microsoft.AspNetCore.Builder.IApplicationBuilder CreateApplicationBuilder() => new Microsoft.AspNetCore.Builder.ApplicationBuilder(services);
    }
}
