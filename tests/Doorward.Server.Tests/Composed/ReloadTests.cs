using System.Text;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Composed;

/// <summary>A configuration that changes, or breaks, under a server that runs.</summary>
public sealed class ReloadTests
{
    private const string Guarded = """
          - { name: guarded, from: "https://app.door.localhost", to: UPSTREAM, policy: team }
          - { name: open, from: "https://open.door.localhost", to: UPSTREAM, allow_public_unauthenticated_access: true }
        """;

    private const string Team = "policies: { team: { allow: { and: [ { groups: { has: staff } } ] } } }";

    [Fact]
    [Trait("advisory", "111")]
    public async Task A_route_whose_policy_cannot_be_found_answers_nobody()
    {
        await using var whole = await Whole.StartAsync(Guarded, Team);
        using var browser = await whole.SignedInAsync();
        whole.Upstream.Heads.Clear();
        await whole.ConfigureAsync(Guarded.Replace("policy: team", "policy: gone", StringComparison.Ordinal), Team);
        await Eventually.Holds(async () => !(await browser.GetAsync(Whole.Url(Whole.App))).IsSuccessStatusCode);
        whole.Upstream.Heads.Clear();
        Assert.False((await browser.GetAsync(Whole.Url(Whole.App))).IsSuccessStatusCode);
        Assert.Empty(whole.Upstream.Heads);
        Assert.Equal(200, Wire.StatusOf(await whole.GetAsync(Whole.Open, "/")));
    }

    [Fact]
    [Trait("advisory", "55")]
    [Trait("advisory", "64")]
    public async Task A_route_that_goes_while_it_is_used_breaks_nothing()
    {
        await using var whole = await Whole.StartAsync(Guarded, Team);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        whole.Upstream.Converse = async (head, stream) =>
        {
            if (head.Contains("/slow", StringComparison.Ordinal))
            {
                arrived.TrySetResult();
                await go.Task;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
        };
        var slow = whole.GetAsync(Whole.Open, "/slow");
        await arrived.Task;
        await whole.ConfigureAsync(string.Join('\n', Guarded.Split('\n')[..1]), Team);
        await Eventually.Holds(async () => Wire.StatusOf(await whole.GetAsync(Whole.Open, "/")) == 404);
        go.SetResult();
        // Nothing may answer there any more, so what was under way is ended too; and that is an answer, not a fault.
        Assert.Equal(404, Wire.StatusOf(await slow));
        await whole.ConfigureAsync(Guarded, Team);
        await Eventually.Holds(async () => Wire.StatusOf(await whole.GetAsync(Whole.Open, "/")) == 200);
        Assert.DoesNotContain(whole.Log, line => line.Contains("Unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("?role=user&role=admin", false)]
    [InlineData("?role=admin&role=user", false)]
    [InlineData("?%72ole=admin", false)]
    [InlineData("?role=%61dmin", false)]
    [InlineData("?x=1;role=admin", true)]
    [InlineData("?role=user", true)]
    [InlineData("", true)]
    [Trait("advisory", "131")]
    public async Task A_rule_about_the_query_sees_every_value_as_upstreams_read_it(string query, bool passes)
    {
        await using var whole = await Whole.StartAsync("""
              - { name: open, from: "https://open.door.localhost", to: UPSTREAM, policy: { allow: { and: [ { accept: true } ] }, deny: { or: [ { http_query/role: { has: admin } } ] } } }
            """);
        Assert.Equal(passes, Wire.StatusOf(await whole.GetAsync(Whole.Open, "/" + query)) == 200);
    }

    [Theory]
    [InlineData("X-A: bad", false)]
    [InlineData("X-A: good\r\nX-A: bad", false)]
    [InlineData("X-A: bad\r\nX-A: good", false)]
    [InlineData("x-a: good, bad", false)]
    [InlineData("X-A: good", true)]
    [Trait("advisory", "62")]
    [Trait("advisory", "3")]
    public async Task A_rule_about_a_header_sees_every_value(string headers, bool passes)
    {
        await using var whole = await Whole.StartAsync("""
              - { name: open, from: "https://open.door.localhost", to: UPSTREAM, policy: { allow: { and: [ { accept: true } ] }, deny: { or: [ { http_header/x-a: { has: bad } } ] } } }
            """);
        Assert.Equal(passes, Wire.StatusOf(await whole.GetAsync(Whole.Open, "/", headers)) == 200);
    }

    [Fact]
    [Trait("advisory", "50")]
    public async Task A_hostile_path_meets_no_slow_expression()
    {
        await using var whole = await Whole.StartAsync("""
              - { name: evil, from: "https://open.door.localhost", to: UPSTREAM, regex: '^/(a+)+$', allow_public_unauthenticated_access: true }
            """);
        // A backtracking engine would need 2 to the power of 7,000 steps: this test would never end.
        Assert.Equal(404, Wire.StatusOf(await whole.GetAsync(Whole.Open, "/" + new string('a', 7000) + "!")));
        Assert.Equal(200, Wire.StatusOf(await whole.GetAsync(Whole.Open, "/" + new string('a', 7000))));
    }

    [Fact]
    [Trait("advisory", "17")]
    public async Task An_expression_for_paths_does_not_see_the_query()
    {
        await using var whole = await Whole.StartAsync("""
              - { name: assets, from: "https://app.door.localhost", to: UPSTREAM, regex: '^/.*\.css$', allow_public_unauthenticated_access: true }
              - { name: rest, from: "https://app.door.localhost", to: UPSTREAM, allow_any_authenticated_user: true }
            """);
        Assert.Equal(200, Wire.StatusOf(await whole.GetAsync(Whole.App, "/a/x.css")));
        foreach (var target in (string[])["/admin?/assets/x.css", "/admin?x=.css", "/admin#x.css", "/admin%3fx.css/", "/admin%23x.css/"])
            Assert.True(Wire.StatusOf(await whole.GetAsync(Whole.App, target)) is 400 or 401, target);
    }

    [Fact]
    [Trait("advisory", "72")]
    public async Task A_name_is_a_text_on_every_page()
    {
        await using var whole = await Whole.StartAsync("""
              - { name: '<img src=x onerror=alert(1)>', description: '"><script>alert(2)</script>', from: "https://app.door.localhost", to: UPSTREAM, allow_any_authenticated_user: true }
            """);
        using var browser = await whole.SignedInAsync();
        var page = await (await browser.GetAsync(Whole.Url(Whole.Own))).Content.ReadAsStringAsync();
        Assert.Contains("&lt;img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        var metrics = await Wire.GetAsync(whole.MetricsPort, "x", "/metrics");
        Assert.Contains("Content-Type: text/plain", metrics, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_failure_of_an_upstream_is_one_line_in_the_log()
    {
        var port = FreePort.Next();
        await using var whole = await Whole.StartAsync($$"""
              - { name: gone, from: "https://{{Whole.Open}}", to: "http://127.0.0.1:{{port}}", allow_public_unauthenticated_access: true }
            """);
        var answer = await whole.GetAsync(Whole.Open, "/");
        Assert.Equal(502, Wire.StatusOf(answer));
        var line = Assert.Single(whole.Log, line => line.Contains($"127.0.0.1:{port}", StringComparison.Ordinal));
        Assert.Contains(Wire.HeaderOf(answer, "X-Request-Id")!, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "48")]
    public async Task An_error_of_the_store_lets_nobody_in()
    {
        await using var whole = await Whole.StartAsync();
        using var browser = await whole.SignedInAsync();
        var (_, last) = await browser.FollowAsync(Whole.Url(Whole.Wiki), url => url.AbsolutePath == "/.doorward/callback");
        await browser.GetAsync(last);
        whole.Upstream.Heads.Clear();
        whole.Execute("ALTER TABLE session_cookies RENAME TO elsewhere");
        // This cookie was made, and not asked for yet: memory does not know it.
        var answer = await browser.GetAsync(Whole.Url(Whole.Wiki));
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, answer.StatusCode);
        var id = answer.Headers.GetValues("X-Request-Id").Single();
        Assert.Contains(id, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(whole.Log, line => line.Contains(id, StringComparison.Ordinal));
        Assert.Empty(whole.Upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "31")]
    public async Task A_sign_out_that_could_not_be_kept_is_not_confirmed()
    {
        await using var whole = await Whole.StartAsync();
        using var browser = await whole.SignedInAsync();
        var page = await (await browser.GetAsync(Whole.Url(Whole.Own, "/.doorward/sign-out"))).Content.ReadAsStringAsync();
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"token\" value=\"([^\"]+)\"").Groups[1].Value;
        whole.Execute("CREATE TRIGGER broken BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'no space left'); END");
        using var form = new FormUrlEncodedContent([new("token", token)]);
        var answer = await browser.SendAsync(HttpMethod.Post, Whole.Url(Whole.Own, "/.doorward/sign-out"), form);
        Assert.Equal(System.Net.HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(browser.Cookies.Keys, cookie => cookie is (Whole.Own, "__Host-doorward"));
    }
}
