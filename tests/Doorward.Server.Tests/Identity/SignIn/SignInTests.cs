using System.Net;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class SignInTests : OneProviderTest
{
    [Fact]
    public async Task A_stranger_signs_in_and_comes_back_to_the_same_url()
    {
        var page = await Browser.ReadAsync(Door.Url(DoorLab.App, "/a//b%2Fc?q=1&r=%20"));
        Assert.StartsWith("lab/ada at app.example.com /a//b%2Fc?q=1&r=%20", page, StringComparison.Ordinal);
        Assert.Equal("S256", Provider.LastAuthorization["code_challenge_method"]);
        Assert.Equal(Door.Url(DoorLab.Own, "/oauth2/callback").AbsoluteUri, Provider.LastAuthorization["redirect_uri"]);
    }

    [Fact]
    public async Task The_second_host_needs_no_second_sign_in()
    {
        await Browser.ReadAsync(Door.Url(DoorLab.App));
        Assert.Contains("lab/ada at wiki.example.com", await Browser.ReadAsync(Door.Url(DoorLab.Other)), StringComparison.Ordinal);
        Assert.Equal(1, Provider.Hits["/token"]);
    }

    [Fact]
    public async Task Doorwards_own_host_signs_in_too()
    {
        Assert.Contains("lab/ada at door.example.com", await Browser.ReadAsync(Door.Url(DoorLab.Own)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "58")]
    public async Task Every_cookie_is_of_one_host_and_hidden_from_scripts()
    {
        await Browser.ReadAsync(Door.Url(DoorLab.App));
        Assert.All(Browser.SetCookies, cookie =>
        {
            Assert.StartsWith("__Host-doorward", cookie.Line, StringComparison.Ordinal);
            Assert.Contains("httponly", cookie.Line, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie.Line, StringComparison.OrdinalIgnoreCase);
        });
        Assert.NotEqual(Browser.Cookies[(DoorLab.App, "__Host-doorward")], Browser.Cookies[(DoorLab.Own, "__Host-doorward")]);
    }

    [Fact]
    public async Task No_address_of_a_sign_in_is_kept_or_told()
    {
        var (_, url) = await Browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/.doorward/callback");
        var answer = await Browser.GetAsync(url);
        Assert.Equal("no-referrer", string.Join(',', answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.All(Browser.Visited, u => Assert.DoesNotContain(LyingProvider.AccessToken, u.AbsoluteUri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_tabs_sign_in_at_once()
    {
        var tabs = new List<Uri>();
        for (var i = 0; i < 5; i++) tabs.Add((await Browser.FollowAsync(Door.Url(DoorLab.App, $"/tab{i}"), u => u.AbsolutePath == "/oauth2/callback")).Url);
        for (var i = 0; i < 5; i++) Assert.Contains($"/tab{i}", await Browser.ReadAsync(tabs[i]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_tabs_forgets_the_oldest_and_not_more()
    {
        for (var i = 0; i < 50; i++)
        {
            await Browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/oauth2/callback");
            Door.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5, Browser.Cookies.Count(c => c.Key.Name.StartsWith("__Host-doorward-flow-", StringComparison.Ordinal)));
        Assert.Contains("lab/ada", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "204")]
    public async Task A_cookie_that_was_there_before_never_becomes_a_session()
    {
        Browser.Cookies[(DoorLab.Own, "__Host-doorward")] = new string('A', 56);
        Browser.Cookies[(DoorLab.App, "__Host-doorward")] = new string('A', 56);
        await Browser.ReadAsync(Door.Url(DoorLab.App));
        Assert.DoesNotContain(new string('A', 56), Browser.Cookies.Values);
    }

    [Fact]
    public async Task A_long_url_comes_back_without_its_query()
    {
        var page = await Browser.ReadAsync(Door.Url(DoorLab.App, "/search?q=" + new string('x', 3000)));
        Assert.Contains("at app.example.com /search acr=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_says_no_at_the_provider_is_told_so()
    {
        Provider.Response = response => (response["error"], response["error_description"]) = ("access_denied", "<script>alert(1)</script>");
        var (answer, _) = await Browser.FollowAsync(Door.Url(DoorLab.App));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("trouble Refused", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_not_a_refusal()
    {
        Provider.Instead["/.well-known/openid-configuration"] = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Browser.FollowAsync(Door.Url(DoorLab.App))).Answer.StatusCode);
    }
}
