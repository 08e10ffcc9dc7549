using Doorward.Policy;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class StepUpTests : OneProviderTest
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Browser.ReadAsync(Door.Url(DoorLab.App));
    }

    [Fact]
    public async Task A_fresh_sign_in_is_asked_for_and_its_cookies_are_new()
    {
        var before = Browser.Cookies[(DoorLab.App, "__Host-doorward")];
        Provider.Token = token => token.Claims["acr"] = "mfa";
        Door.Time.Advance(TimeSpan.FromHours(1));
        Door.Asking = new Asking("", Remedies.FreshSignIn | Remedies.StrongerAuthentication, Acr: ["mfa", "hwk"]);
        var (_, url) = await Browser.FollowAsync(Door.Url(DoorLab.App, "/secret"), u => u.AbsolutePath == "/oauth2/callback");
        Assert.Equal(("login", "0", "mfa hwk"), (Provider.LastAuthorization["prompt"], Provider.LastAuthorization["max_age"], Provider.LastAuthorization["acr_values"]));
        Door.Asking = new Asking("", Remedies.SignIn);
        Assert.Contains("/secret acr=mfa failed=None", await Browser.ReadAsync(url), StringComparison.Ordinal);
        Assert.NotEqual(before, Browser.Cookies[(DoorLab.App, "__Host-doorward")]);
    }

    [Fact]
    [Trait("advisory", "33")]
    public async Task What_the_provider_did_not_bring_is_not_asked_again()
    {
        Door.Time.Advance(TimeSpan.FromHours(1));
        Provider.Token = token => token.Time("auth_time", Door.Time.GetUtcNow() - TimeSpan.FromHours(1));
        Door.Asking = new Asking("", Remedies.FreshSignIn | Remedies.StrongerAuthentication, Acr: ["mfa"]);
        Assert.Contains("failed=FreshSignIn, StrongerAuthentication", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
        Assert.Equal(2, Provider.Hits["/authorize"]);
    }

    [Fact]
    public async Task Saying_nothing_about_when_is_not_fresh()
    {
        Provider.Token = token => token.Claims.Remove("auth_time");
        Door.Asking = new Asking("", Remedies.FreshSignIn);
        Assert.Contains("failed=FreshSignIn", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_person_strengthens_nobody()
    {
        Provider.Token = token => token.Claims["sub"] = "eve";
        Provider.UserInfo = info => info["sub"] = "eve";
        Door.Asking = new Asking("", Remedies.FreshSignIn);
        var (answer, _) = await Browser.FollowAsync(Door.Url(DoorLab.App));
        Assert.Contains("trouble OtherPerson", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Door.Asking = new Asking("", Remedies.SignIn);
        Assert.Contains("lab/ada", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_from_before_no_longer_counts()
    {
        var before = Browser.Cookies[(DoorLab.App, "__Host-doorward")];
        Door.Asking = new Asking("", Remedies.FreshSignIn);
        var (_, url) = await Browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/oauth2/callback");
        Door.Asking = new Asking("", Remedies.SignIn);
        await Browser.ReadAsync(url);
        using var thief = Door.Browser();
        thief.Cookies[(DoorLab.App, "__Host-doorward")] = before;
        Assert.NotNull((await thief.GetAsync(Door.Url(DoorLab.App))).Headers.Location);
    }
}
