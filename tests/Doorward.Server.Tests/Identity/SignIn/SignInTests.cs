using System.Net;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class SignInTests : IAsyncLifetime
{
    private LyingProvider _provider = null!;
    private DoorLab _door = null!;
    private LabBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        var keys = await KeyLab.StartAsync();
        _provider = await LyingProvider.StartAsync(keys.Time);
        _door = await DoorLab.StartAsync(keys, _provider.Settings);
        _browser = _door.Browser();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _door.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_stranger_signs_in_and_comes_back_to_the_same_url()
    {
        var page = await _browser.ReadAsync(_door.Url(DoorLab.App, "/a//b%2Fc?q=1&r=%20"));
        Assert.StartsWith("lab/ada at app.example.com /a//b%2Fc?q=1&r=%20", page, StringComparison.Ordinal);
        Assert.Equal("S256", _provider.LastAuthorization["code_challenge_method"]);
        Assert.Equal(_door.Url(DoorLab.Own, "/oauth2/callback").AbsoluteUri, _provider.LastAuthorization["redirect_uri"]);
    }

    [Fact]
    public async Task The_second_host_needs_no_second_sign_in()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        Assert.Contains("lab/ada at wiki.example.com", await _browser.ReadAsync(_door.Url(DoorLab.Other)), StringComparison.Ordinal);
        Assert.Equal(1, _provider.Hits["/token"]);
    }

    [Fact]
    public async Task Doorwards_own_host_signs_in_too()
    {
        Assert.Contains("lab/ada at door.example.com", await _browser.ReadAsync(_door.Url(DoorLab.Own)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "58")]
    public async Task Every_cookie_is_of_one_host_and_hidden_from_scripts()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        Assert.All(_browser.SetCookies, cookie =>
        {
            Assert.StartsWith("__Host-doorward", cookie.Line, StringComparison.Ordinal);
            Assert.Contains("httponly", cookie.Line, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie.Line, StringComparison.OrdinalIgnoreCase);
        });
        Assert.NotEqual(_browser.Cookies[(DoorLab.App, "__Host-doorward")], _browser.Cookies[(DoorLab.Own, "__Host-doorward")]);
    }

    [Fact]
    public async Task No_address_of_a_sign_in_is_kept_or_told()
    {
        var (_, url) = await _browser.FollowAsync(_door.Url(DoorLab.App), u => u.AbsolutePath == "/.doorward/callback");
        var answer = await _browser.GetAsync(url);
        Assert.Equal("no-referrer", string.Join(',', answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.All(_browser.Visited, u => Assert.DoesNotContain(LyingProvider.AccessToken, u.AbsoluteUri, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_tabs_sign_in_at_once()
    {
        var tabs = new List<Uri>();
        for (var i = 0; i < 5; i++) tabs.Add((await _browser.FollowAsync(_door.Url(DoorLab.App, $"/tab{i}"), u => u.AbsolutePath == "/oauth2/callback")).Url);
        for (var i = 0; i < 5; i++) Assert.Contains($"/tab{i}", await _browser.ReadAsync(tabs[i]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_tabs_forgets_the_oldest_and_not_more()
    {
        for (var i = 0; i < 50; i++)
        {
            await _browser.FollowAsync(_door.Url(DoorLab.App), u => u.AbsolutePath == "/oauth2/callback");
            _door.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5, _browser.Cookies.Count(c => c.Key.Name.StartsWith("__Host-doorward-flow-", StringComparison.Ordinal)));
        Assert.Contains("lab/ada", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "204")]
    public async Task A_cookie_that_was_there_before_never_becomes_a_session()
    {
        _browser.Cookies[(DoorLab.Own, "__Host-doorward")] = new string('A', 56);
        _browser.Cookies[(DoorLab.App, "__Host-doorward")] = new string('A', 56);
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        Assert.DoesNotContain(new string('A', 56), _browser.Cookies.Values);
    }

    [Fact]
    public async Task A_long_url_comes_back_without_its_query()
    {
        var page = await _browser.ReadAsync(_door.Url(DoorLab.App, "/search?q=" + new string('x', 3000)));
        Assert.Contains("at app.example.com /search acr=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_says_no_at_the_provider_is_told_so()
    {
        _provider.Response = response => (response["error"], response["error_description"]) = ("access_denied", "<script>alert(1)</script>");
        var (answer, _) = await _browser.FollowAsync(_door.Url(DoorLab.App));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("trouble Refused", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_not_a_refusal()
    {
        _provider.Instead["/.well-known/openid-configuration"] = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _browser.FollowAsync(_door.Url(DoorLab.App))).Answer.StatusCode);
    }
}
