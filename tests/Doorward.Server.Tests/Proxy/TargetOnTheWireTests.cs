using Doorward.Server.Tests.Proxy.Rig;
using Doorward.Server.Tests.Proxy.Targets;

namespace Doorward.Server.Tests.Proxy;

public class TargetOnTheWireTests
{
    [Theory]
    [InlineData("/a/b?c=d", "/a/b?c=d")]
    [InlineData("/%7Ea/%e2%82%ac?q=%7e%2f", "/~a/%E2%82%AC?q=%7e%2f")]
    [InlineData("/a b|", null)]
    [InlineData("/x|y{z}?|{}\\", "/x|y{z}?|{}\\")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/a;v=1", "/a;v=1")]
    [InlineData("http://APP.test/abs?x", "/abs?x")]
    [InlineData("http://app.test", "/")]
    [InlineData("http://other.test/abs", null)]
    [InlineData("http://app.test:81/abs", null)]
    [InlineData("https://app.test/abs", null)]
    [InlineData("http://user@app.test/abs", null)]
    [InlineData("*", null)]
    [InlineData("abs", null)]
    public async Task The_upstream_gets_the_normal_form_to_the_byte(string raw, string? forwarded)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.GetAsync(door.Port, "app.test", raw);
        if (forwarded is null)
        {
            // Kestrel itself answers 405 to a GET whose target is no path.
            Assert.InRange(Wire.StatusOf(answer), 400, 405);
            Assert.Empty(upstream.Heads);
            return;
        }

        Assert.Equal(200, Wire.StatusOf(answer));
        Assert.StartsWith($"GET {forwarded} HTTP/1.1\r\n", upstream.Only, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "9")]
    [Trait("advisory", "4")]
    [Trait("advisory", "23")]
    [Trait("advisory", "93")]
    public async Task No_spelling_leads_from_a_public_route_into_a_guarded_one()
    {
        await using var open = new RecordingUpstream();
        await using var closed = new RecordingUpstream();
        await using var door = await Door.OpenAsync(
            Way.To("app.test", "/public", open.Url), Way.To("app.test", "/admin", closed.Url) with { Guarded = true });
        var spellings = PathSpellingTests.Escapes().Where(IsOneLine).Chunk(60).Select(chunk => chunk[0])
            .Concat(["/admin/secret#/public/x", "/admin/secret?/public/x", "//admin/secret", "/admin;x/secret", "/public/x?/../admin", "/ADMIN/secret", "/%61dmin/secret"]);
        foreach (var spelling in spellings)
        {
            var answer = await Wire.GetAsync(door.Port, "app.test", spelling, "User-Agent: GoogleHC/1.0", "X-Original-URL: /public/x", "X-Forwarded-Uri: /public/x");
            Assert.True(Wire.StatusOf(answer) is 400 or 403 or 404 or 200, spelling + "\n" + answer);
            Assert.Empty(closed.Heads);
        }

        Assert.All(open.Heads, head => Assert.False(ForgivingServer.LeavesItsPath(head.Split(' ')[1]), head));
        Assert.All(open.Heads, head => Assert.Equal("public", ForgivingServer.Elements(head.Split(' ')[1])[0]));
    }

    [Theory]
    [InlineData("/shop/x", 200)]
    [InlineData("/admin;x/secret", 400)]
    [InlineData("//admin/secret", 400)]
    [InlineData("/admin./secret", 400)]
    [InlineData("/shop;x/admin", 200)]
    [InlineData("/shop//x", 200)]
    [Trait("advisory", "69")]
    [Trait("advisory", "197")]
    public async Task A_path_that_some_server_reads_as_another_route_is_refused(string target, int status)
    {
        await using var open = new RecordingUpstream();
        await using var closed = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", open.Url), Way.To("app.test", "/admin", closed.Url) with { Guarded = true });
        Assert.Equal(status, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", target)));
        Assert.Empty(closed.Heads);
        Assert.Equal(status == 200 ? 1 : 0, open.Heads.Count);
    }

    [Theory]
    [InlineData("/x/admin;y/z", false, 400)]
    [InlineData("/x//admin", false, 400)]
    [InlineData("/x/admin%2fz", false, 400)]
    [InlineData("/x/admin%2fz", true, 200)]
    [InlineData("/x/admin%2fz;y", true, 400)]
    [InlineData("/x/admin", false, 200)]
    [Trait("advisory", "69")]
    [Trait("advisory", "172")]
    public async Task A_rule_about_the_path_judges_no_path_that_has_two_readings(string target, bool keep, int status)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url) with
        {
            KeepEncodedSlashes = keep,
            Policy = Way.Policy("allow: { and: [ { http_path: { starts_with: /x } } ] }"),
        });
        Assert.Equal(status, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", target)));
        Assert.Equal(status == 200 ? 1 : 0, upstream.Heads.Count);
    }

    [Fact]
    [Trait("advisory", "87")]
    public async Task An_encoded_slash_arrives_as_sent_where_the_route_keeps_it_and_nowhere_else()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(
            Way.To("app.test", "/", upstream.Url), Way.To("npm.test", "/", upstream.Url) with { KeepEncodedSlashes = true });
        Assert.Equal(400, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/@a%2fb")));
        Assert.Empty(upstream.Heads);
        Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "npm.test", "/@a%2fb")));
        Assert.StartsWith("GET /@a%2Fb HTTP/1.1", upstream.Only, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/app", "/x", "/app/y", "/x/y")]
    [InlineData("/app", "/x/", "/app/y", "/x/y")]
    [InlineData("/app", "/x", "/app", "/x")]
    [InlineData("/app", "/", "/app", "/")]
    [InlineData("/app", "/", "/app/a%20b/", "/a%20b/")]
    [InlineData("/app", "/x", "/app//y?z=1", "/x/y?z=1")]
    public async Task A_prefix_is_replaced(string prefix, string replacement, string target, string forwarded)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(
            Way.To("app.test", prefix, Way.UpstreamTo(upstream.Url) with { Rewrite = new(Prefix: replacement) }));
        Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", target)));
        Assert.StartsWith($"GET {forwarded} HTTP/1.1", upstream.Only, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/go/1/x", "/x/1", 200)]
    [InlineData("/go/../x", null, 400)]
    [InlineData("/go/./x", null, 400)]
    [InlineData("/go/a./x", "/x/a.", 200)]
    [Trait("advisory", "108")]
    public async Task A_rewritten_path_is_checked_again(string target, string? forwarded, int status)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with
        {
            Rewrite = new(Pattern: Way.Linear("^/go/([^/]*)/x$"), Substitution: "/x/$1"),
        }));
        Assert.Equal(status, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", target)));
        Assert.Equal(forwarded is null ? [] : [forwarded], upstream.Heads.Select(head => head.Split(' ')[1]));
    }

    [Fact]
    [Trait("advisory", "108")]
    public async Task A_rewrite_that_makes_a_dot_segment_reaches_no_upstream()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with
        {
            Rewrite = new(Pattern: Way.Linear("-"), Substitution: "."),
        }));
        Assert.Equal(400, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/a/--/b")));
        Assert.Empty(upstream.Heads);
    }

    private static bool IsOneLine(string target) => !target.Contains(' ', StringComparison.Ordinal);
}
