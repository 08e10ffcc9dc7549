using System.Security.Cryptography.X509Certificates;
using System.Text;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Doorward.Server.Tests.Proxy;

public class UpstreamTests
{
    [Theory]
    [InlineData(nameof(HostRewriteKind.Preserve), null, null, "App.TEST:{door}", "app.test:{door}")]
    [InlineData(nameof(HostRewriteKind.Destination), null, null, "app.test", "127.0.0.1:{upstream}")]
    [InlineData(nameof(HostRewriteKind.Fixed), "internal.test", null, "app.test", "internal.test")]
    [InlineData(nameof(HostRewriteKind.FromHeader), "X-Host-Is", null, "app.test", "named.test")]
    [InlineData(nameof(HostRewriteKind.FromHeader), "X-Bad", null, "app.test", "127.0.0.1:{upstream}")]
    [InlineData(nameof(HostRewriteKind.FromHeader), "X-Forwarded-Host", null, "app.test", "127.0.0.1:{upstream}")]
    [InlineData(nameof(HostRewriteKind.FromPath), "$1.test", "^/([a-z]+)/.*$", "app.test", "tenant.test")]
    [InlineData(nameof(HostRewriteKind.FromPath), "/", "^.*$", "app.test", "127.0.0.1:{upstream}")]
    [Trait("advisory", "132")]
    public async Task The_upstream_gets_the_host_that_the_route_says(string kind, string? value, string? pattern, string host, string expected)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with
        {
            HostRewrite = new(Enum.Parse<HostRewriteKind>(kind), value, pattern is null ? null : Way.Linear(pattern)),
        }));
        string Filled(string text) => text.Replace("{door}", $"{door.Port}", StringComparison.Ordinal).Replace("{upstream}", $"{upstream.Port}", StringComparison.Ordinal);
        await Wire.GetAsync(door.Port, Filled(host), "/tenant/x", "X-Host-Is: named.test", "X-Bad: a b/c", "X-Forwarded-Host: evil.test", "X-Skipper-Proxy: evil.test");
        Assert.Equal([Filled(expected)], upstream.Headers("Host"));
    }

    [Theory]
    [InlineData(true, null, false, 200)]
    [InlineData(false, null, false, 502)]
    [InlineData(false, null, true, 200)]
    [InlineData(true, "wrong.test", false, 502)]
    [Trait("advisory", "101")]
    public async Task The_upstreams_certificate_is_checked_unless_the_route_says_otherwise(bool trusted, string? serverName, bool skipVerify, int status)
    {
        using var ca = new TestCa();
        using var certificate = Exportable(ca.ServerFor("127.0.0.1", "internal.test"));
        string? named = null;
        await using var upstream = await KestrelUpstream.StartAsync(
            context => context.Response.WriteAsync("ok"), HttpProtocols.Http1AndHttp2,
            new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, name) => { named = name; return certificate; } });
        foreach (var rewrite in (HostRewriteKind[])[HostRewriteKind.Destination, HostRewriteKind.Preserve])
        {
            var tls = new UpstreamTls(serverName ?? "internal.test", skipVerify, trusted ? ca.Pem : null);
            await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo($"https://127.0.0.1:{upstream.Port}") with { Tls = tls, HostRewrite = new(rewrite) }));
            var answer = await Wire.GetAsync(door.Port, "app.test", "/");
            Assert.Equal(status, Wire.StatusOf(answer));
            // The name is the route's, never the client's Host header.
            Assert.Equal(serverName ?? "internal.test", named);
        }
    }

    [Fact]
    public async Task The_route_shows_its_client_certificate()
    {
        using var ca = new TestCa();
        using var certificate = Exportable(ca.ServerFor("127.0.0.1"));
        using var client = ca.Issue("CN=doorward");
        string? seen = null;
        await using var upstream = await KestrelUpstream.StartAsync(
            context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none"), HttpProtocols.Http1AndHttp2,
            new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (shown, _, _) => (seen = shown.Subject) is not null,
            });
        var tls = new UpstreamTls(CaPem: ca.Pem, ClientCertificatePem: client.ExportCertificatePem(), ClientKeyPem: client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo($"https://127.0.0.1:{upstream.Port}") with { Tls = tls }));
        Assert.Contains("CN=doorward", await Wire.GetAsync(door.Port, "app.test", "/"), StringComparison.Ordinal);
        Assert.Equal("CN=doorward", seen);
    }

    [Fact]
    public async Task A_name_below_localhost_is_this_machine()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", $"http://idp.door.localhost:{upstream.Port}"));
        Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
        Assert.Equal([$"idp.door.localhost:{upstream.Port}"], upstream.Headers("Host"));
    }

    [Theory]
    [InlineData("websocket", true, false, 101)]
    [InlineData("websocket", false, true, 403)]
    [InlineData("SPDY/3.1", false, true, 101)]
    [InlineData("SPDY/3.1", true, false, 403)]
    [InlineData("h2c", false, false, 200)]
    [InlineData("TLS/1.0", false, false, 200)]
    public async Task A_switch_of_protocol_passes_where_the_route_allows_it(string protocol, bool webSockets, bool spdy, int status)
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = async (head, stream) =>
            {
                if (!head.Contains("Upgrade:", StringComparison.OrdinalIgnoreCase))
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
                    return;
                }

                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n\r\n"));
                await Wire.ReadUntilAsync(stream, "ping");
                await stream.WriteAsync("pong"u8.ToArray());
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with { AllowWebSockets = webSockets, AllowSpdy = spdy }));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"GET / HTTP/1.1\r\nHost: app.test\r\nConnection: Upgrade{(status == 101 ? "" : ", close")}\r\nUpgrade: {protocol}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var answer = await Wire.ReadUntilAsync(client.GetStream(), "\r\n\r\n");
        Assert.Equal(status, Wire.StatusOf(answer));
        if (status == 101)
        {
            await client.GetStream().WriteAsync("ping"u8.ToArray());
            await Wire.ReadUntilAsync(client.GetStream(), "pong");
            // The upstream has said all and closes: that is the end, and not the client.
            await Wire.ReadToEndAsync(client.GetStream());
            var outcome = await door.OutcomeAsync();
            Assert.Equal((EndedBy.Itself, 4L, 4L), (outcome.EndedBy, outcome.BytesIn, outcome.BytesOut));
        }
        else
        {
            Assert.Equal(status == 403 ? 0 : 1, upstream.Heads.Count);
        }
    }

    private static X509Certificate2 Exportable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    [Theory]
    [InlineData("PROPFIND", 200)]
    [InlineData("DELETE", 200)]
    [InlineData("POST", 502)]
    public async Task What_may_be_repeated_is_sent_once_more_where_the_upstream_hung_up_without_an_answer(string method, int status)
    {
        await using var upstream = new RecordingUpstream();
        upstream.Converse = async (_, stream) =>
        {
            var body = new byte[5];
            await stream.ReadExactlyAsync(body);
            upstream.Bodies.Enqueue(Encoding.ASCII.GetString(body));
            if (upstream.Bodies.Count > 1) await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));

        var answer = await Wire.SendAsync(door.Port, $"{method} /x HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");

        Assert.Equal(status, Wire.StatusOf(answer));
        Assert.Equal(Enumerable.Repeat("hello", status == 200 ? 2 : 1), upstream.Bodies);
    }

    [Fact]
    public async Task What_was_answered_with_nonsense_is_not_sent_again()
    {
        await using var upstream = new RecordingUpstream { Answer = _ => "HTTP/1.1 nonsense\r\n\r\n" };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));

        var answer = await Wire.SendAsync(door.Port, "DELETE /x HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");

        Assert.Equal(502, Wire.StatusOf(answer));
        Assert.Single(upstream.Bodies);
    }
}
