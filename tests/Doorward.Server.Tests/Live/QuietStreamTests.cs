using System.Net;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>Streams in which nothing is under way when they are cut, from an upstream that speaks HTTP/2: they are ended, not broken off.</summary>
public sealed class QuietStreamTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _upstreamKnows = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LiveDoor _door = new();
    private KestrelUpstream _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await KestrelUpstream.StartAsync(ServeAsync, HttpProtocols.Http2);
        await _door.StartAsync($$"""- { name: app, from: "https://{{LiveDoor.Host}}", to: "h2c://127.0.0.1:{{_upstream.Port}}", policy: { allow: { and: [ { groups: { has: sre } } ] } } }""");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_client_is_told_the_upstream_knows_and_the_record_says_who_ended_it(string version)
    {
        using var answer = await OpenAsync("text/event-stream", version);
        using var reader = new StreamReader(await answer.Response.Content.ReadAsStreamAsync());
        Assert.Equal("data: tick", await reader.ReadLineAsync());

        await EndAsync(answer.Session);

        Assert.Matches("^\nevent: doorward-revoked\ndata: {.*\"sign-in-required\".*}\n\n$", await reader.ReadToEndAsync());
        await _upstreamKnows.Task.WaitAsync(Eventually.Patience);
        var end = await _door.EndAsync();
        Assert.Equal(("doorward", 200), (end.GetProperty("ended_by").GetString(), end.GetProperty("status").GetInt32()));
        Assert.Matches("^session changed: sign-in-required, .*, after [0-9]+ ms$", end.GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task What_can_be_told_nothing_breaks_off_though_nothing_is_under_way(string version)
    {
        using var answer = await OpenAsync("application/octet-stream", version);
        var body = await answer.Response.Content.ReadAsStreamAsync();
        Assert.True(await body.ReadAsync(new byte[100]) > 0);

        await EndAsync(answer.Session);

        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
        await _upstreamKnows.Task.WaitAsync(Eventually.Patience);
        Assert.Equal("doorward", (await _door.EndAsync()).GetProperty("ended_by").GetString());
    }

    private async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.Query["type"];
        await context.Response.WriteAsync("data: tick\n\n");
        using var gone = context.RequestAborted.Register(_upstreamKnows.SetResult);
        await _upstreamKnows.Task;
    }

    private async Task<Opened> OpenAsync(string type, string version)
    {
        var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{LiveDoor.Host}/?type={type}")
        {
            Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Headers = { { "Cookie", cookie } },
        };
        var response = await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(session.Id, response);
    }

    private Task<bool> EndAsync(string session) => _door.Services.GetRequiredService<SessionStore>().EndAsync(session);

    private sealed record Opened(string Session, HttpResponseMessage Response) : IDisposable
    {
        public void Dispose() => Response.Dispose();
    }
}
