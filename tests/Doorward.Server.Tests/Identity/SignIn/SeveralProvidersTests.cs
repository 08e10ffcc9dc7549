using System.Net;
using System.Security.Cryptography;
using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class SeveralProvidersTests : IAsyncLifetime
{
    private LyingProvider _corp = null!, _partner = null!;
    private DoorLab _door = null!;
    private LabBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        var keys = await KeyLab.StartAsync();
        _corp = await LyingProvider.StartAsync(keys.Time);
        _partner = await LyingProvider.StartAsync(keys.Time);
        _door = await DoorLab.StartAsync(keys, Named("corp", _corp, "example.com"), Named("partner", _partner, "partner.example"));
        _browser = _door.Browser();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _door.DisposeAsync();
        await _corp.DisposeAsync();
        await _partner.DisposeAsync();
    }

    [Fact]
    public async Task The_person_chooses()
    {
        var page = await _browser.ReadAsync(_door.Url(DoorLab.App));
        Assert.StartsWith("choose for app.example.com: [corp](/.doorward/sign-in?provider=corp&request=", page, StringComparison.Ordinal);
        var link = page.Split(['(', ')'])[3];
        Assert.Contains("partner/ada", await _browser.ReadAsync(new Uri(_door.Url(DoorLab.Own), link)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_chooses_by_its_domain()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        var start = _browser.Visited[^1];
        var answer = await _browser.GetAsync(new Uri(start.AbsoluteUri + "&email=ben%40PARTNER.example"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var provider = answer.Headers.GetValues("Refresh").Single()["0;url=".Length..];
        Assert.StartsWith(_partner.Issuer, provider, StringComparison.Ordinal);
        Assert.Contains("login_hint=ben%40PARTNER.example", provider, StringComparison.Ordinal);
        Assert.Contains("partner/ada", await _browser.ReadAsync(new Uri(provider)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("somebody%40elsewhere.example")]
    [InlineData("a%40b%40example.com")]
    [InlineData("example.com")]
    public async Task An_address_of_nobody_is_told_so(string email) =>
        Assert.Contains("unknown=True", await _browser.ReadAsync(_door.Url(DoorLab.Own, "/.doorward/sign-in?email=" + email)), StringComparison.Ordinal);

    [Fact]
    [Trait("advisory", "184")]
    public async Task A_route_that_names_a_provider_gets_a_session_of_that_provider()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.Own, "/.doorward/sign-in?provider=corp"));
        _door.Asking = new Asking("", Remedies.SignIn, Provider: "partner");
        Assert.Contains("partner/ada", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_of_one_provider_is_not_taken_for_anothers()
    {
        _corp.Response = response => response["iss"] = _partner.Issuer;
        _door.Asking = new Asking("", Remedies.SignIn, Provider: "corp");
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.FollowAsync(_door.Url(DoorLab.App))).Answer.StatusCode);
        Assert.False(_partner.Hits.ContainsKey("/token"));
    }

    [Fact]
    public async Task An_answer_that_another_site_posts_comes_back_through_a_get_that_sees_our_cookies()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var apple = new ProviderSettings
        {
            Name = "apple", Preset = "apple", Url = _corp.Issuer, ClientId = LyingProvider.ClientId,
            TeamId = "TEAM", PrivateKeyId = "KEY", PrivateKeyPem = key.ExportPkcs8PrivateKeyPem(),
        };
        _door.Providers = new ProviderSet([apple], allowLocalHttp: true, Outbound.Connect, _door.Time);
        _corp.Token = token => token.Claims.Remove("name");
        var (_, url) = await _browser.FollowAsync(_door.Url(DoorLab.App, "/here"), u => u.AbsolutePath == "/oauth2/callback");
        Assert.Equal("form_post", _corp.LastAuthorization["response_mode"]);

        var query = System.Web.HttpUtility.ParseQueryString(url.Query);
        var form = query.AllKeys.ToDictionary(k => k!, k => query[k]!);
        form["user"] = """{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"x@y"}""";
        var posted = await _browser.SendAsync(HttpMethod.Post, _door.Url(DoorLab.Own, "/oauth2/callback"), new FormUrlEncodedContent(form), crossSite: true);
        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        Assert.DoesNotContain(_browser.Cookies, c => c.Key.Name == "__Host-doorward");

        var page = await _browser.ReadAsync(new Uri(_door.Url(DoorLab.Own), posted.Headers.Location!));
        Assert.Contains("apple/ada at app.example.com /here", page, StringComparison.Ordinal);
        var secret = _corp.LastTokenRequest["client_secret"];
        Assert.Equal(3, secret.Split('.').Length);

        var again = await _browser.SendAsync(HttpMethod.Post, _door.Url(DoorLab.Own, "/oauth2/callback"), new FormUrlEncodedContent(form), crossSite: true);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    private static ProviderSettings Named(string name, LyingProvider provider, string domain) => new()
    {
        Name = name, Preset = "oidc", Title = name, Url = provider.Issuer, ClientId = LyingProvider.ClientId, ClientSecret = LyingProvider.ClientSecret, SignInDomains = [domain],
    };
}
