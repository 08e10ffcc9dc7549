using Doorward.Policy;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class StepUpTests : IAsyncLifetime
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
        await _browser.ReadAsync(_door.Url(DoorLab.App));
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _door.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_fresh_sign_in_is_asked_for_and_its_cookies_are_new()
    {
        var before = _browser.Cookies[(DoorLab.App, "__Host-doorward")];
        _provider.Token = token => token.Claims["acr"] = "mfa";
        _door.Time.Advance(TimeSpan.FromHours(1));
        _door.Asking = new Asking("", Remedies.FreshSignIn | Remedies.StrongerAuthentication, Acr: ["mfa", "hwk"]);
        var (_, url) = await _browser.FollowAsync(_door.Url(DoorLab.App, "/secret"), u => u.AbsolutePath == "/oauth2/callback");
        Assert.Equal(("login", "0", "mfa hwk"), (_provider.LastAuthorization["prompt"], _provider.LastAuthorization["max_age"], _provider.LastAuthorization["acr_values"]));
        _door.Asking = new Asking("", Remedies.SignIn);
        Assert.Contains("/secret acr=mfa failed=None", await _browser.ReadAsync(url), StringComparison.Ordinal);
        Assert.NotEqual(before, _browser.Cookies[(DoorLab.App, "__Host-doorward")]);
    }

    [Fact]
    [Trait("advisory", "33")]
    public async Task What_the_provider_did_not_bring_is_not_asked_again()
    {
        _door.Time.Advance(TimeSpan.FromHours(1));
        _provider.Token = token => token.Time("auth_time", _door.Time.GetUtcNow() - TimeSpan.FromHours(1));
        _door.Asking = new Asking("", Remedies.FreshSignIn | Remedies.StrongerAuthentication, Acr: ["mfa"]);
        Assert.Contains("failed=FreshSignIn, StrongerAuthentication", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
        Assert.Equal(2, _provider.Hits["/authorize"]);
    }

    [Fact]
    public async Task Saying_nothing_about_when_is_not_fresh()
    {
        _provider.Token = token => token.Claims.Remove("auth_time");
        _door.Asking = new Asking("", Remedies.FreshSignIn);
        Assert.Contains("failed=FreshSignIn", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_person_strengthens_nobody()
    {
        _provider.Token = token => token.Claims["sub"] = "eve";
        _provider.UserInfo = info => info["sub"] = "eve";
        _door.Asking = new Asking("", Remedies.FreshSignIn);
        var (answer, _) = await _browser.FollowAsync(_door.Url(DoorLab.App));
        Assert.Contains("trouble OtherPerson", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        _door.Asking = new Asking("", Remedies.SignIn);
        Assert.Contains("lab/ada", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_from_before_no_longer_counts()
    {
        var before = _browser.Cookies[(DoorLab.App, "__Host-doorward")];
        _door.Asking = new Asking("", Remedies.FreshSignIn);
        var (_, url) = await _browser.FollowAsync(_door.Url(DoorLab.App), u => u.AbsolutePath == "/oauth2/callback");
        _door.Asking = new Asking("", Remedies.SignIn);
        await _browser.ReadAsync(url);
        using var thief = _door.Browser();
        thief.Cookies[(DoorLab.App, "__Host-doorward")] = before;
        Assert.NotNull((await thief.GetAsync(_door.Url(DoorLab.App))).Headers.Location);
    }
}
