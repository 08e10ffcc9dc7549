using System.Collections.Frozen;
using System.Net;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Routes;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

/// <summary>The family HS: nobody but Doorward says who asks, from where, and for what.</summary>
public class HeadersOnTheWireTests
{
    private static readonly string[] Claimed =
    [
        "X-Doorward-Assertion", "X-Doorward-Claim-Email", "X-Pomerium-Jwt-Assertion", "X-Pomerium-Claim-Groups", "X-Pomerium-Authorization",
        "Impersonate-User", "Impersonate-Group", "Impersonate-Uid", "Impersonate-Extra-Scopes", "X-Remote-User", "X-Remote-Group",
        "X-Remote-Extra-Scopes", "Remote-User", "X-WEBAUTH-USER", "X-Department", "X-Tenant", "X-Original-URL", "X-Rewrite-URL",
        "X-Envoy-Original-Path", "X-Forwarded-Prefix", "X-Forwarded-Uri", "X-Forwarded-Client-Cert", "X-Forwarded-User", "X-Forwarded-Email",
        "X-Client-IP", "True-Client-IP", "Proxy",
    ];

    /// <summary>Every alias that CGI and its heirs read as the same variable.</summary>
    public static IEnumerable<string> Aliases(string name)
    {
        yield return name;
        yield return name.ToLowerInvariant();
        yield return name.ToUpperInvariant();
        yield return name.Replace('-', '_');
        yield return name.Replace('-', '.');
        var parts = name.Split('-');
        if (parts.Length > 2)
        {
            yield return parts[0] + "_" + string.Join('-', parts[1..]);
            yield return parts[0] + "-" + string.Join('_', parts[1..]);
            yield return parts[0] + "." + string.Join('_', parts[1..]).ToLowerInvariant();
        }
    }

    private static Route[] RoutesThatName(string url) =>
    [
        Way.To("app.test", "/", url),
        Way.To("grafana.test", "/", url) with
        {
            Identity = new() { IdentityHeaders = Frozen("X-WEBAUTH-USER", "email"), JwtClaimsHeaders = Frozen("X-Department", "department") },
            Headers = new() { SetRequest = new Dictionary<string, HeaderTemplate> { ["X-Tenant"] = Way.Template("docs") }.ToFrozenDictionary() },
        },
    ];

    [Fact]
    [Trait("advisory", "18")]
    [Trait("advisory", "39")]
    [Trait("advisory", "106")]
    [Trait("advisory", "122")]
    [Trait("advisory", "163")]
    [Trait("advisory", "164")]
    [Trait("advisory", "195")]
    public async Task No_alias_of_a_header_of_ours_reaches_any_upstream()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(new DoorSettings { Limits = new() { HeadersCount = 500 } }, RoutesThatName(upstream.Url));
        foreach (var host in (string[])["app.test", "grafana.test"])
        {
            upstream.Heads.Clear();
            var sent = Claimed.SelectMany(Aliases).Distinct().Select(name => $"{name}: forged-value").ToArray();
            Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, host, "/", sent)));
            Assert.DoesNotContain("forged-value", upstream.Only, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(["docs"], upstream.Headers("X-Tenant"));
    }

    [Fact]
    [Trait("advisory", "26")]
    [Trait("advisory", "98")]
    [Trait("advisory", "210")]
    public async Task Connection_removes_the_clients_headers_and_none_of_ours()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(
            new DoorSettings
            {
                Identify = (_, request) => request with { Identity = new IdentityHeaders { Assertion = "signed", Values = [new("X-Doorward-Claim-Email", "ada@example.test")] } },
            },
            Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.SendAsync(door.Port,
            "GET / HTTP/1.1\r\nHost: app.test\r\nX-Hop: 1\r\nX_Hop2: 1\r\nX-Keep: 1\r\nX-Doorward-Assertion: forged\r\n"
            + "Connection: close, X-Hop, x-hop2, X-Doorward-Assertion, x_doorward_claim.email, X-Forwarded-For, x-real-ip, Content-Length, Host\r\n\r\n");
        Assert.Equal(200, Wire.StatusOf(answer));
        Assert.Equal(["signed"], upstream.Headers("X-Doorward-Assertion"));
        Assert.Equal(["ada@example.test"], upstream.Headers("X-Doorward-Claim-Email"));
        Assert.Equal(["127.0.0.1"], upstream.Headers("X-Forwarded-For"));
        Assert.Equal(["1"], upstream.Headers("X-Keep"));
        Assert.Empty(upstream.Headers("X-Hop"));
        Assert.Empty(upstream.Headers("X_Hop2"));
    }

    [Theory]
    [InlineData("X-Hop")]
    [InlineData("x-hop, close")]
    [InlineData("keep-alive, X-HOP, close")]
    [InlineData("keep-alive\r\nConnection: x-hop\r\nConnection: close")]
    public async Task Kestrel_forgets_no_name_in_Connection(string connection)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var close = connection.Contains("close", StringComparison.Ordinal) ? "" : "GET /last HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n";
        await Wire.SendAsync(door.Port, $"GET / HTTP/1.1\r\nHost: app.test\r\nX-Hop: 1\r\nConnection: {connection}\r\n\r\n{close}");
        Assert.True(upstream.Heads.TryPeek(out var head));
        Assert.DoesNotContain("X-Hop", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("advisory", "107")]
    [Trait("advisory", "127")]
    [Trait("advisory", "53")]
    [Trait("advisory", "20")]
    [Trait("advisory", "28")]
    [Trait("advisory", "99")]
    public async Task Forwarded_headers_are_written_anew()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, $"app.test:{door.Port}", "/",
            "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: https", "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /evil",
            "X-Real-IP: 6.6.6.6", "Forwarded: for=6.6.6.6;host=evil.test;proto=https");
        Assert.Equal(["127.0.0.1"], upstream.Headers("X-Forwarded-For"));
        Assert.Equal([$"app.test:{door.Port}"], upstream.Headers("X-Forwarded-Host"));
        Assert.Equal(["http"], upstream.Headers("X-Forwarded-Proto"));
        Assert.Equal([$"{door.Port}"], upstream.Headers("X-Forwarded-Port"));
        Assert.Equal(["127.0.0.1"], upstream.Headers("X-Real-IP"));
        Assert.Equal([$"for=127.0.0.1;host=\"app.test:{door.Port}\";proto=http"], upstream.Headers("Forwarded"));
        Assert.DoesNotContain("evil", upstream.Only, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "127")]
    public async Task A_listed_proxy_is_believed_and_its_hops_are_named()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(
            new DoorSettings { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8")] }, Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/", "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.9", "X-Forwarded-Proto: https");
        Assert.Equal(["203.0.113.7, 10.0.0.9, 127.0.0.1"], upstream.Headers("X-Forwarded-For"));
        Assert.Equal(["https"], upstream.Headers("X-Forwarded-Proto"));
    }

    [Theory]
    [InlineData("a=1; __Host-doorward=secret; b=2", "a=1; b=2")]
    [InlineData("__Host-doorward=secret", null)]
    [InlineData("doorward_state=secret;__host-doorward-nonce=secret", null)]
    [InlineData("__Secure-doorward=secret; a", "a")]
    [InlineData("=__Host-doorward=secret", null)]
    [InlineData("theme=doorward-dark", "theme=doorward-dark")]
    [InlineData("; =; a=b", "; =; a=b")]
    [InlineData("%5f_Host-doorward=forged; a=b", "%5f_Host-doorward=forged; a=b")]
    [Trait("advisory", "192")]
    [Trait("advisory", "75")]
    [Trait("advisory", "217")]
    public async Task Cookies_of_ours_stay_here(string sent, string? forwarded)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/", $"Cookie: {sent}")));
        Assert.Equal(forwarded is null ? [] : [forwarded], upstream.Headers("Cookie"));
    }

    [Theory]
    [InlineData("Basic YTpi", false, true)]
    [InlineData("Bearer app-token", false, true)]
    [InlineData("Bearer app-token", true, false)]
    [InlineData("Doorward abc", false, false)]
    [InlineData("bearer doorward-abc", false, false)]
    [InlineData("Pomerium abc", false, false)]
    [Trait("advisory", "217")]
    public async Task A_credential_that_Doorward_used_stays_here(string authorization, bool used, bool forwarded)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(
            new DoorSettings { Identify = (_, request) => request with { AuthorizationUsed = used } }, Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/", $"Authorization: {authorization}");
        Assert.Equal(forwarded ? [authorization] : [], upstream.Headers("Authorization"));
    }

    [Fact]
    [Trait("advisory", "42")]
    [Trait("advisory", "123")]
    public async Task What_fills_a_header_is_neither_expanded_again_nor_a_header_of_its_own()
    {
        await using var upstream = new RecordingUpstream();
        var route = Way.To("app.test", "/", upstream.Url) with
        {
            Headers = new()
            {
                SetRequest = new Dictionary<string, HeaderTemplate>
                {
                    ["X-Echo"] = Way.Template("<${request.headers[\"X-Said\"]}>"),
                    ["X-Token"] = Way.Template("Bearer ${doorward.access_token}"),
                    ["X-Id"] = Way.Template("${doorward.id_token}"),
                    ["X-Forged"] = Way.Template("${request.headers[\"X-Doorward-Assertion\"]}"),
                }.ToFrozenDictionary(),
            },
        };
        await using var door = await Door.OpenAsync(
            new DoorSettings
            {
                Identify = (_, request) => request with
                {
                    Identity = new() { AccessToken = "${doorward.jwt}", Assertion = "signed", Values = [new("X-Doorward-Claim-Name", "Ada\r\nX-Admin: yes"), new("X-Doorward-Claim-City", "Zürich")] },
                },
            },
            route);
        await Wire.GetAsync(door.Port, "app.test", "/", "X-Said: ${doorward.jwt} $$ ${env.SECRET}", "X-Doorward-Assertion: forged");
        Assert.Equal(["<${doorward.jwt} $$ ${env.SECRET}>"], upstream.Headers("X-Echo"));
        Assert.Equal(["Bearer ${doorward.jwt}"], upstream.Headers("X-Token"));
        Assert.Empty(upstream.Headers("X-Id"));
        Assert.Empty(upstream.Headers("X-Forged"));
        Assert.Empty(upstream.Headers("X-Admin"));
        Assert.Empty(upstream.Headers("X-Doorward-Claim-Name"));
        Assert.Equal(["Z\u00C3\u00BCrich"], upstream.Headers("X-Doorward-Claim-City"));
    }

    [Fact]
    [Trait("advisory", "3")]
    [Trait("advisory", "62")]
    public async Task A_header_sent_twice_arrives_as_one_list()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/", "X-Role: user", "X-Role: admin");
        Assert.Equal(["user, admin"], upstream.Headers("X-Role"));
    }

    [Fact]
    public async Task A_route_removes_headers_by_folded_name()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url) with { Headers = new() { RemoveRequest = ["X-Debug"] } });
        await Wire.GetAsync(door.Port, "app.test", "/", "x_debug: 1", "X.Debug: 2", "X-Debugger: 3");
        Assert.DoesNotContain("debug:", upstream.Only, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["3"], upstream.Headers("X-Debugger"));
    }

    private static FrozenDictionary<string, string> Frozen(string name, string value) =>
        new Dictionary<string, string> { [name] = value }.ToFrozenDictionary();
}
