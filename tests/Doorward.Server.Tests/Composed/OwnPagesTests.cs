using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Composed;

/// <summary>Doorward's own pages and interfaces, attacked one by one.</summary>
public sealed class OwnPagesTests(WholeFixture fixture) : IClassFixture<WholeFixture>
{
    private const string Api = "/.doorward/api/service-accounts";

    private static readonly string[] Pages = ["/", "/.doorward/sign-in", "/.doorward/sign-out", "/.doorward/signed-out", "/oauth2/callback", "/nowhere"];

    private static readonly string[] Elsewhere =
    [
        "https://evil.test/", "//evil.test", "/%09/evil.test", "/\\evil.test", "https://door.localhost@evil.test/", "https://evildoor.localhost/", "https://door.localhost.evil.test/", "javascript:alert(1)",
    ];

    private readonly Whole _whole = fixture.Whole;

    [Fact]
    [Trait("advisory", "1")]
    [Trait("advisory", "12")]
    [Trait("advisory", "13")]
    [Trait("advisory", "14")]
    [Trait("advisory", "15")]
    [Trait("advisory", "118")]
    [Trait("advisory", "166")]
    [Trait("advisory", "188")]
    public async Task No_parameter_of_any_page_leads_elsewhere()
    {
        using var browser = await _whole.SignedInAsync();
        foreach (var path in Pages.Append("/.doorward/callback").Append("//evil.test/.."))
        {
            foreach (var name in (string[])["rd", "redirect_uri", "return_to", "to", "next", "url", "continue", "request", "post_logout_redirect_uri", "RelayState", "why"])
            {
                var value = Elsewhere[(path.Length + name.Length) % Elsewhere.Length];
                foreach (var host in (string[])[Whole.Own, Whole.App])
                {
                    var answer = await browser.GetAsync(new Uri($"https://{host}{path}?{name}={Uri.EscapeDataString(value)}"));
                    if (answer.Headers.Location is { } location)
                        Assert.True(!location.IsAbsoluteUri || location.Host == Whole.Own || location.GetLeftPart(UriPartial.Authority) == _whole.Provider.Issuer, $"{path} {name}: {location}");
                    Assert.DoesNotContain("evil", answer.Headers.Location?.Host ?? "", StringComparison.Ordinal);
                    Assert.False(answer.Headers.TryGetValues("Refresh", out _));
                }
            }
        }
    }

    [Fact]
    [Trait("advisory", "32")]
    [Trait("advisory", "72")]
    [Trait("advisory", "170")]
    public async Task No_parameter_is_shown_as_HTML()
    {
        using var browser = await _whole.SignedInAsync();
        foreach (var path in Pages)
        {
            foreach (var name in (string[])["error", "error_description", "email", "provider", "request", "why", "state", "login_hint"])
            {
                var answer = await browser.GetAsync(new Uri($"https://{Whole.Own}{path}?{name}={Uri.EscapeDataString("\"'><img src=x onerror=alert(1)>")}"));
                Assert.DoesNotContain("<img src=x", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public async Task No_page_is_framed_cached_or_tells_where_it_was()
    {
        using var browser = await _whole.SignedInAsync();
        foreach (var path in Pages)
        {
            var answer = await browser.GetAsync(Whole.Url(Whole.Own, path));
            Assert.Contains("no-store", answer.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Contains(answer.Headers, header => header.Key == "Strict-Transport-Security");
            if (answer.Headers.Location is not null) continue;
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("https://app.door.localhost")]
    [InlineData("null")]
    public async Task No_other_site_signs_anybody_out(string origin)
    {
        using var browser = await _whole.SignedInAsync();
        var url = Whole.Url(Whole.Own, "/.doorward/sign-out");
        foreach (var body in (string[])["", "token=", "token=x", "token=" + new string('A', 300)])
        {
            using var form = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded");
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(HttpMethod.Post, url, form, header: ("Origin", origin))).StatusCode);
        }

        // A link does not either: the page asks first. And a site's own post brings no Lax cookie at all.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(url)).StatusCode);
        Assert.Contains("ada@example.com", await (await browser.GetAsync(url)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.All(browser.SetCookies.Where(cookie => !cookie.Line.Contains("-post-", StringComparison.Ordinal)), cookie => Assert.Contains("samesite=lax", cookie.Line, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nbroken")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=", "x")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "token=x")]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense", "token=x")]
    [InlineData("application/x-www-form-urlencoded", "%")]
    [InlineData("application/x-www-form-urlencoded", "&&&=&==&token")]
    [InlineData("application/json", "{\"token\":\"x\"}")]
    [InlineData("text/html", "<")]
    [InlineData(null, "x")]
    [InlineData("", "")]
    [Trait("advisory", "194")]
    public async Task A_form_of_any_kind_is_refused_and_never_a_fault(string? type, string body)
    {
        using var browser = await _whole.SignedInAsync();
        foreach (var path in (string[])["/.doorward/sign-out", "/oauth2/callback"])
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is { Length: > 0 }) content.Headers.TryAddWithoutValidation("Content-Type", type);
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(HttpMethod.Post, Whole.Url(Whole.Own, path), content)).StatusCode);
        }
    }

    [Theory]
    [InlineData("Cookie: __Host-doorward=", 40_000, 431)]
    [InlineData("Cookie: a=", 40_000, 431)]
    [InlineData("X-A: ", 40_000, 431)]
    [InlineData("", 10_000, 414)]
    [Trait("advisory", "189")]
    public async Task What_is_too_large_is_told_so(string header, int length, int status)
    {
        var filler = new string('a', length);
        var answer = header.Length == 0 ? await _whole.GetAsync(Whole.Own, "/?" + filler) : await _whole.GetAsync(Whole.Own, "/", header + filler);
        Assert.Equal(status, Wire.StatusOf(answer));
    }

    [Fact]
    public async Task A_form_that_is_too_long_is_refused_also_without_a_stated_length()
    {
        using var browser = await _whole.SignedInAsync();
        foreach (var path in (string[])["/.doorward/sign-out", "/oauth2/callback"])
        {
            foreach (var chunked in (bool[])[false, true])
            {
                using var form = new StringContent("token=" + new string('a', 100_000), Encoding.ASCII, "application/x-www-form-urlencoded");
                using HttpContent content = chunked ? new StreamContent(new ChunkedStream(await form.ReadAsByteArrayAsync())) : form;
                content.Headers.ContentType ??= new("application/x-www-form-urlencoded");
                Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(HttpMethod.Post, Whole.Url(Whole.Own, path), content)).StatusCode);
            }
        }
    }

    [Fact]
    [Trait("advisory", "38")]
    [Trait("advisory", "68")]
    [Trait("advisory", "142")]
    public async Task A_packed_body_is_not_unpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
            await gzip.WriteAsync(new byte[10 * 1024 * 1024]);
        using var browser = await _whole.SignedInAsync();
        var secret = await _whole.ServiceAccountAsync("packer", ServiceAccountRole.Admin);
        foreach (var (path, type) in ((string, string)[])[(Api, "application/json"), ("/oauth2/callback", "application/x-www-form-urlencoded"), ("/.doorward/sign-out", "application/x-www-form-urlencoded")])
        {
            foreach (var encoding in (string[])["gzip", "zstd", "br", "deflate"])
            {
                using var content = new ByteArrayContent(packed.ToArray());
                content.Headers.ContentType = new(type);
                content.Headers.ContentEncoding.Add(encoding);
                var answer = await browser.SendAsync(HttpMethod.Post, Whole.Url(Whole.Own, path), content, header: ("Authorization", "Bearer " + secret));
                Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.RequestEntityTooLarge, $"{path}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    [Trait("advisory", "160")]
    [Trait("advisory", "216")]
    public async Task A_bomb_of_JSON_is_refused()
    {
        var secret = await _whole.ServiceAccountAsync("bomber", ServiceAccountRole.Admin);
        using var browser = _whole.Browser();
        foreach (var body in (string[])[new string('[', 500_000), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), "{\"name\":\"" + new string('x', 900_000) + "\"}", "{\"name\":1e999999}", "\"", "null"])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            var answer = await browser.SendAsync(HttpMethod.Post, Whole.Url(Whole.Own, Api), content, header: ("Authorization", "Bearer " + secret));
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{body[..1]}: {answer.StatusCode}");
        }
    }

    [Fact]
    [Trait("advisory", "88")]
    [Trait("advisory", "121")]
    [Trait("advisory", "177")]
    public async Task The_administration_is_for_administrators_whatever_is_asked()
    {
        using var browser = await _whole.SignedInAsync();
        var plain = await _whole.ServiceAccountAsync("plain", ServiceAccountRole.None);
        var endpoints = Endpoints();
        Assert.True(endpoints.Count > 4);
        foreach (var (method, path) in endpoints)
        {
            foreach (var (credential, expected) in ((string?, HttpStatusCode)[])[(null, HttpStatusCode.Unauthorized), ("Bearer x", HttpStatusCode.Unauthorized), ("Basic YTpi", HttpStatusCode.Unauthorized), ("Bearer " + plain, HttpStatusCode.Forbidden)])
            {
                using var body = new StringContent("{\"name\":\"mallory\",\"role\":\"admin\"}", Encoding.UTF8, "application/json");
                // The signed-in browser's cookie comes along, as when another site's page posts: it counts for nothing here.
                var answer = await browser.SendAsync(new HttpMethod(method), Whole.Url(Whole.Own, path), body, header: credential is null ? ("Origin", "https://evil.test") : ("Authorization", credential));
                // An owner may ask about requests of their routes; whoever owns none learns not even which there were.
                var hidden = expected == HttpStatusCode.Forbidden && path.EndsWith("/explanations/{request}", StringComparison.Ordinal) && answer.StatusCode == HttpStatusCode.NotFound;
                Assert.True(expected == answer.StatusCode || hidden, $"{method} {path} {credential}: {answer.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("/.doorward//api/service-accounts")]
    [InlineData("/.doorward/api//service-accounts")]
    [InlineData("/.doorward/api/service-accounts/")]
    [InlineData("/.DOORWARD/API/SERVICE-ACCOUNTS")]
    [InlineData("/.doorward/%61pi/service-accounts")]
    [InlineData("/.doorward/api/service-accounts;x")]
    [InlineData("/.doorward/api/unknown")]
    [InlineData("/.doorward/api")]
    [Trait("advisory", "124")]
    public async Task No_spelling_opens_the_administration(string path)
    {
        var secret = await _whole.ServiceAccountAsync("speller" + path.GetHashCode(StringComparison.Ordinal).ToString("x8", System.Globalization.CultureInfo.InvariantCulture), ServiceAccountRole.None);
        Assert.True(Wire.StatusOf(await _whole.GetAsync(Whole.Own, path)) is >= 400 and < 500);
        Assert.True(Wire.StatusOf(await _whole.GetAsync(Whole.Own, path, "Authorization: Bearer " + secret)) is >= 400 and < 500);
        // On a route's host there is none at all.
        Assert.Equal(404, Wire.StatusOf(await _whole.GetAsync(Whole.App, Api, "Authorization: Bearer " + secret)));
    }

    [Fact]
    public async Task A_secret_that_is_told_once_is_kept_by_no_cache()
    {
        var secret = await _whole.ServiceAccountAsync("keeper", ServiceAccountRole.Admin);
        using var browser = _whole.Browser();
        using var body = new StringContent("{\"name\":\"told\"}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        var answer = await browser.SendAsync(HttpMethod.Post, Whole.Url(Whole.Own, Api), body, header: ("Authorization", "Bearer " + secret));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    [Trait("advisory", "8")]
    [Trait("advisory", "135")]
    [Trait("advisory", "139")]
    public async Task Every_port_serves_what_it_is_for_and_nothing_else()
    {
        foreach (var path in (string[])["/debug/pprof/", "/metrics", "/healthz", "/readyz", "/health/live", "/config_dump", "/.doorward/authorize"])
        {
            foreach (var host in (string[])[Whole.Own, Whole.Admin, "nobody.door.localhost"])
            {
                var answer = await _whole.GetAsync(host, path);
                Assert.True(Wire.StatusOf(answer) is 401 or 404, $"{host}{path}: {answer}");
                Assert.DoesNotContain("doorward_", answer, StringComparison.Ordinal);
            }
        }

        foreach (var (port, own) in ((int, string[])[])[(_whole.MetricsPort, ["/metrics"]), (_whole.HealthPort, ["/healthz", "/readyz", "/startupz"])])
        {
            foreach (var path in (string[])["/", "/metrics", "/healthz", "/readyz", "/startupz", "/debug/pprof/", "/.doorward/api/service-accounts", "/.doorward/sign-in", "/config"])
                Assert.True(own.Contains(path) == Wire.StatusOf(await Wire.GetAsync(port, Whole.Own, path)) is 200, path);
        }
    }

    [Fact]
    [Trait("advisory", "189")]
    public async Task A_hundred_sign_ins_under_way_are_forgotten_by_the_browser_not_kept_by_the_server()
    {
        using var browser = _whole.Browser();
        foreach (var _ in Enumerable.Range(0, 100)) await browser.FollowAsync(Whole.Url(Whole.App), url => url.Port != 443);
        Assert.True(browser.Cookies.Keys.Count(cookie => cookie.Name.Contains("-flow-", StringComparison.Ordinal)) <= 5);
        Assert.Single(browser.Cookies.Keys, cookie => cookie.Host == Whole.App);
    }

    /// <summary>A body whose length nobody can tell beforehand.</summary>
    private sealed class ChunkedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private List<(string Method, string Path)> Endpoints()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        _whole.Services.GetRequiredService<AdministrationApi>().MapRemote(app);
        return
        [
            .. from source in ((IEndpointRouteBuilder)app).DataSources
               from endpoint in source.Endpoints.OfType<RouteEndpoint>()
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
               select (method, endpoint.RoutePattern.RawText!.Replace("{name}", "plain", StringComparison.Ordinal)),
        ];
    }
}
