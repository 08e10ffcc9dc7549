using Doorward.Server.Routes;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

public class RedirectTests
{
    public static TheoryData<string, string, string> Redirects() => new()
    {
        { "https", "/a?b=c", "https://app.test/a?b=c" },
        { "host", "/a?b=c", "http://new.test/a?b=c" },
        { "port", "/a", "http://app.test:8080/a" },
        { "path", "/app/a?b=c", "http://app.test:{door}/moved?b=c" },
        { "prefix", "/app/a?b=c", "http://app.test:{door}/v2/a" },
        { "host", "//evil.test/%5c..", "" },
        { "host", "//evil.test/x", "http://new.test//evil.test/x" },
        { "prefix", "//evil.test/x", "http://app.test:{door}/v2/evil.test/x" },
    };

    [Theory]
    [MemberData(nameof(Redirects))]
    [Trait("advisory", "118")]
    public async Task A_redirect_leads_where_the_route_says(string kind, string target, string location)
    {
        await using var door = await Door.OpenAsync(Way.Of("app.test", kind is "path" ? "/app" : "/", new RedirectAction(kind switch
        {
            "https" => new RedirectSettings(301, Https: true),
            "host" => new RedirectSettings(302, Host: "new.test"),
            "port" => new RedirectSettings(307, Port: 8080),
            "path" => new RedirectSettings(308, Path: "/moved"),
            _ => new RedirectSettings(303, Prefix: "/v2", StripQuery: true),
        })) with { Match = new(Doorward.Server.Routes.Matching.HostPattern.Parse("app.test")!.Value, Prefix: kind is "prefix" && target.StartsWith("/app", StringComparison.Ordinal) ? "/app" : null) });
        var answer = await Wire.GetAsync(door.Port, $"app.test:{door.Port}", target);
        if (location.Length == 0)
        {
            Assert.Equal(400, Wire.StatusOf(answer));
            return;
        }

        Assert.Equal(location.Replace("{door}", $"{door.Port}", StringComparison.Ordinal), Wire.HeaderOf(answer, "Location"));
    }

    [Theory]
    [InlineData(410, "Gone")]
    [InlineData(204, "")]
    public async Task A_fixed_response_is_said(int status, string body)
    {
        await using var door = await Door.OpenAsync(Way.Of("app.test", "/", new ResponseAction(status, body)));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(status, Wire.StatusOf(answer));
        Assert.Contains(body, Wire.BodyOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "45")]
    public async Task A_preflight_passes_to_the_upstream_with_its_origin()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url) with { CorsAllowPreflight = true });
        await Wire.SendAsync(door.Port, "OPTIONS /x HTTP/1.1\r\nHost: app.test\r\nOrigin: https://other.test\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("OPTIONS /x ", upstream.Only, StringComparison.Ordinal);
        Assert.Equal(["https://other.test"], upstream.Headers("Origin"));
        Assert.Equal(["PUT"], upstream.Headers("Access-Control-Request-Method"));
    }
}
