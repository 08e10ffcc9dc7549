using Doorward.Server.Tests.Proxy;
using Doorward.Server.Tests.Proxy.Rig;
using Doorward.Server.Tests.Proxy.Targets;

namespace Doorward.Server.Tests.Composed;

/// <summary>What bare Kestrel and YARP let through, byte by byte, against the server as it is shipped.</summary>
public sealed class HygieneTests(WholeFixture fixture) : IClassFixture<WholeFixture>
{
    private readonly Whole _whole = fixture.Whole;

    public static TheoryData<string> Leniencies() => [.. FramingTests.Leniencies().Select(row => row.Data.Replace("app.test", Whole.Open, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Leniencies))]
    [Trait("advisory", "35")]
    [Trait("advisory", "49")]
    [Trait("advisory", "73")]
    public async Task What_two_servers_could_read_differently_is_refused(string request)
    {
        _whole.Upstream.Heads.Clear();
        var answer = await _whole.SendAsync(Whole.Open, request + $"GET /smuggled HTTP/1.1\r\nHost: {Whole.Open}\r\nConnection: close\r\n\r\n");
        Assert.Equal(400, Wire.StatusOf(answer));
        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(_whole.Upstream.Heads);
    }

    [Theory]
    [InlineData("https://open.door.localhost/abs", 200)]
    [InlineData("https://app.door.localhost/abs", 400)]
    [InlineData("https://open.door.localhost:444/abs", 400)]
    [InlineData("http://open.door.localhost/abs", 400)]
    [InlineData("https://user@open.door.localhost/abs", 400)]
    [InlineData("https://open.door.localhost\\@app.door.localhost/", 400)]
    [InlineData("//app.door.localhost/abs", 200)]
    [InlineData("*", 405)]
    [InlineData("open.door.localhost:443", 400)]
    public async Task A_target_that_names_another_host_is_refused(string target, int status)
    {
        _whole.Upstream.Heads.Clear();
        var answer = await _whole.GetAsync(Whole.Open, target);
        Assert.True(status == 200 ? Wire.StatusOf(answer) == 200 : Wire.StatusOf(answer) is 400 or 405, answer);
        Assert.Equal(status == 200 ? 1 : 0, _whole.Upstream.Heads.Count);
    }

    [Theory]
    [InlineData("OPEN.Door.LocalHost", 200)]
    [InlineData("open.door.localhost:443", 200)]
    [InlineData("open.door.localhost.", 200)]
    [InlineData("open.door.localhost..", 400)]
    [InlineData("open.door.localhost:", 400)]
    // A route without a port answers on every port that leads here.
    [InlineData("open.door.localhost:444", 200)]
    [InlineData("open.door.localhost:0443", 400)]
    [InlineData("open.door.localhost/", 400)]
    [InlineData("open.door.localhost#x", 400)]
    [InlineData("open.door.localhost app.door.localhost", 400)]
    [InlineData("[::1]", 404)]
    [InlineData("%6fpen.door.localhost", 400)]
    public async Task A_host_has_one_reading(string host, int status)
    {
        var answer = await _whole.SendAsync(Whole.Open, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        // 421: a name for which this connection's certificate would not have been chosen.
        Assert.True(Wire.StatusOf(answer) == status || (status != 200 && Wire.StatusOf(answer) is 400 or 404 or 421), answer);
    }

    public static TheoryData<string> PseudoHeaderLies() =>
    [
        ":path=admin/x", ":path=", ":path=https://admin.door.localhost/x", ":path=/x y", ":path=/x\\..\\admin", ":path=/x/..;/admin", ":path=/%00", ":path=/x#y",
        ":authority=admin@open.door.localhost", ":authority=open.door.localhost,admin.door.localhost", ":authority=", ":authority=open.door.localhost/admin",
        ":scheme=HTTPS2", ":scheme=http", ":method=get", ":method=TRACE", ":method=GET /x HTTP/1.1\r\nHost: a",
        "+:path=/second", "+:authority=admin.door.localhost", "+transfer-encoding=chunked", "+connection=x-doorward-assertion",
        "+x:y=z", "+x-a=b\r\nx-doorward-assertion: forged", "+x-a=b\0c", "+X-Upper=case", "+te=gzip",
    ];

    [Theory]
    [MemberData(nameof(PseudoHeaderLies))]
    [Trait("advisory", "4")]
    [Trait("advisory", "41")]
    [Trait("advisory", "115")]
    public async Task No_lie_of_HTTP2_reaches_an_upstream(string lie)
    {
        _whole.Upstream.Heads.Clear();
        Dictionary<string, string> fields = new() { [":method"] = "GET", [":scheme"] = "https", [":authority"] = Whole.Open, [":path"] = "/x" };
        var more = new List<(string, string)>();
        var equals = lie.IndexOf('=', StringComparison.Ordinal);
        if (lie[0] == '+') more.Add((lie[1..equals], lie[(equals + 1)..]));
        else fields[lie[..equals]] = lie[(equals + 1)..];
        var status = await RawHttp2.StatusAsync(_whole.Port, Whole.Open, [.. fields.Select(field => (field.Key, field.Value)), .. more]);
        Assert.True(status is 0 or >= 400, $"{status}");
        Assert.Empty(_whole.Upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "41")]
    public async Task In_HTTP2_the_host_is_the_authority_and_nothing_else()
    {
        _whole.Upstream.Heads.Clear();
        Assert.Equal(200, await RawHttp2.StatusAsync(_whole.Port, Whole.Open, [(":method", "GET"), (":scheme", "https"), (":authority", Whole.Open), (":path", "/"), ("host", Whole.Admin)]));
        Assert.DoesNotContain(Whole.Admin, _whole.Upstream.Only, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "18")]
    [Trait("advisory", "106")]
    [Trait("advisory", "207")]
    public async Task Nobody_passes_for_somebody_by_a_header()
    {
        _whole.Upstream.Heads.Clear();
        var names = new[] { "X-Doorward-Assertion", "X-Doorward-Claim-Email", "X-Pomerium-Jwt-Assertion", "Impersonate-User", "X-Forwarded-User", "X-Forwarded-Email" };
        var forged = names.SelectMany(HeadersOnTheWireTests.Aliases).Distinct().Select(name => $"{name}: forged-value")
            .Append("Connection: x-doorward-assertion, X-Doorward-Claim-Email").Append("Cookie: __Host-doorward=forged-value").Append("X-Forwarded-For: 6.6.6.6").Append("X-Forwarded-Host: evil.test");
        Assert.Equal(200, Wire.StatusOf(await _whole.GetAsync(Whole.Open, "/", [.. forged])));
        Assert.DoesNotContain("forged-value", _whole.Upstream.Only, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("evil", _whole.Upstream.Only, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["127.0.0.1"], _whole.Upstream.Headers("X-Forwarded-For"));
    }

    [Theory]
    [InlineData("X-Doorward-Assertion: forged-value")]
    [InlineData("x_doorward.claim-email: forged-value")]
    [InlineData("Impersonate-Group: forged-value")]
    [InlineData("Content-Length: 3")]
    [InlineData("Host: admin.door.localhost")]
    public async Task A_trailer_is_never_a_header(string trailer)
    {
        _whole.Upstream.Heads.Clear();
        _whole.Upstream.Bodies.Clear();
        var answer = await _whole.SendAsync(Whole.Open,
            $"POST /t HTTP/1.1\r\nHost: {Whole.Open}\r\nConnection: close\r\nTrailer: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n{trailer}\r\n\r\n");
        Assert.DoesNotContain("forged-value", string.Concat(_whole.Upstream.Heads), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("forged-value", string.Concat(_whole.Upstream.Bodies), StringComparison.OrdinalIgnoreCase);
        Assert.True(Wire.StatusOf(answer) is 200 or 400, answer);
        Assert.DoesNotContain(Whole.Admin, string.Concat(_whole.Upstream.Heads), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "9")]
    [Trait("advisory", "17")]
    [Trait("advisory", "19")]
    [Trait("advisory", "20")]
    [Trait("advisory", "39")]
    public async Task No_spelling_and_no_header_reaches_what_is_guarded()
    {
        _whole.Upstream.Heads.Clear();
        var targets = PathSpellingTests.Escapes().Where(target => !target.Contains(' ', StringComparison.Ordinal)).Chunk(80).Select(chunk => chunk[0])
            .Concat(["/secret?/assets/x.css", "/secret?x=/public/", "/secret#/public/x", "/.well-known/doorward/jwks.json/../../secret", "/.doorward/callback/../../secret", "//.doorward/x"]);
        foreach (var target in targets)
        {
            var answer = await _whole.GetAsync(Whole.Admin, target, "User-Agent: GoogleHC/1.0 kube-probe/1.30", "X-Forwarded-Uri: /public/x", "X-Original-URL: /public/x",
                "X-Envoy-Original-Path: /public", "X-Forwarded-Method: OPTIONS", "X-HTTP-Method-Override: OPTIONS", $"X-Forwarded-Host: {Whole.Open}");
            Assert.True(Wire.StatusOf(answer) is >= 400 and < 500, target + "\n" + answer);
        }

        Assert.Empty(_whole.Upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "79")]
    [Trait("advisory", "116")]
    public async Task Random_frames_end_their_own_connection_only()
    {
        foreach (var seed in Enumerable.Range(0, 30))
        {
            var random = new Random(seed);
            await RawHttp2.FloodAsync(_whole.Port, Whole.Open, Enumerable.Range(0, 200).Select(_ =>
            {
                var body = new byte[random.Next(64)];
                random.NextBytes(body);
                return RawHttp2.Frame((byte)random.Next(12), (byte)random.Next(256), random.Next(0, 9), body);
            }));
        }

        Assert.Equal(200, Wire.StatusOf(await _whole.GetAsync(Whole.Open, "/")));
    }

    [Fact]
    [Trait("advisory", "80")]
    public void HTTP3_is_not_offered()
    {
        using var udp = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _whole.Port));
        Assert.NotNull(udp.Client.LocalEndPoint);
    }

    [Fact]
    [Trait("advisory", "153")]
    public async Task An_unknown_host_gets_nothing_and_the_connection_stays_in_step()
    {
        _whole.Upstream.Heads.Clear();
        var answer = await _whole.SendAsync("nobody.door.localhost",
            "GET /metrics HTTP/1.1\r\nHost: nobody.door.localhost\r\n\r\nPOST /x HTTP/1.1\r\nHost: nobody.door.localhost\r\nContent-Length: 5\r\n\r\nhello"
            + "GET /y HTTP/1.1\r\nHost: nobody.door.localhost\r\nConnection: close\r\n\r\n");
        Assert.Equal(3, answer.Split("HTTP/1.1 404").Length - 1);
        Assert.DoesNotContain("doorward_decisions", answer, StringComparison.Ordinal);
        Assert.Empty(_whole.Upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "56")]
    public async Task Bodies_that_break_off_harm_nobody_else()
    {
        foreach (var _ in Enumerable.Range(0, 100))
        {
            await using var client = await TlsClient.ConnectAsync(_whole.Port, Whole.Open);
            await client.Stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: {Whole.Open}\r\nContent-Length: 1000\r\n\r\nhalf"));
        }

        Assert.Equal(200, Wire.StatusOf(await _whole.GetAsync(Whole.Open, "/")));
    }
}
