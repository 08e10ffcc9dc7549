using System.Net;
using System.Text.RegularExpressions;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class SignOutTests : IAsyncLifetime
{
    private LyingProvider _provider = null!;
    private DoorLab _door = null!;
    private LabBrowser _browser = null!;

    private Uri Page => _door.Url(DoorLab.Own, "/.doorward/sign-out");

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
    [Trait("advisory", "125")]
    [Trait("advisory", "58")]
    public async Task Signing_out_ends_the_session_at_every_host_and_leads_to_the_provider()
    {
        var cookies = _browser.Cookies.ToDictionary();
        var answer = await PostAsync(await TokenAsync());
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith($"{_provider.Issuer}/end?client_id=doorward&post_logout_redirect_uri=https%3A%2F%2Fdoor.example.com", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("&id_token_hint=eyJ", answer.Headers.Location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(1, _provider.Hits["/revoke"]);
        Assert.DoesNotContain(_browser.Cookies, c => c.Key == (DoorLab.Own, "__Host-doorward"));
        foreach (var (key, value) in cookies) _browser.Cookies[key] = value;
        foreach (var host in (string[])[DoorLab.App, DoorLab.Own]) Assert.NotNull((await _browser.GetAsync(_door.Url(host))).Headers.Location);
    }

    [Theory]
    [InlineData("")]
    [InlineData("token=")]
    [InlineData("token=forged")]
    public async Task Nobody_is_signed_out_without_having_been_asked(string form)
    {
        var answer = await _browser.SendAsync(HttpMethod.Post, Page, new StringContent(form, null, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("lab/ada", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_question_of_one_session_does_not_end_another()
    {
        using var other = _door.Browser();
        await other.ReadAsync(_door.Url(DoorLab.App));
        var token = await TokenAsync();
        var answer = await other.SendAsync(HttpMethod.Post, Page, new FormUrlEncodedContent([KeyValuePair.Create("token", token)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_provider_that_is_away_keeps_nobody_signed_in()
    {
        var token = await TokenAsync();
        foreach (var path in (string[])["/revoke", "/.well-known/openid-configuration"])
        {
            _provider.Instead[path] = context =>
            {
                context.Response.StatusCode = 500;
                return Task.CompletedTask;
            };
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(token)).StatusCode);
        Assert.NotNull((await _browser.GetAsync(_door.Url(DoorLab.App))).Headers.Location);
    }

    [Fact]
    [Trait("advisory", "166")]
    [Trait("advisory", "188")]
    public async Task It_leads_nowhere_that_a_parameter_says()
    {
        using var stranger = _door.Browser();
        var query = "?rd=https://evil.test&redirect_uri=//evil.test&return=/%5Cevil.test&post_logout_redirect_uri=https://evil.test";
        var answer = await stranger.GetAsync(new Uri(Page.AbsoluteUri + query));
        Assert.Equal("/.doorward/signed-out", answer.Headers.Location!.OriginalString);
        Assert.Equal("signed out", await (await stranger.GetAsync(_door.Url(DoorLab.Own, "/.doorward/signed-out" + query))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_routes_host_leads_to_doorwards_own()
    {
        var answer = await _browser.GetAsync(_door.Url(DoorLab.App, "/.doorward/sign-out"));
        Assert.Equal(Page, answer.Headers.Location);
    }

    [Fact]
    public async Task A_script_cannot_install_itself_below_our_path()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await _browser.SendAsync(HttpMethod.Get, _door.Url(DoorLab.App, "/.doorward/sign-out"), header: ("Service-Worker", "script"))).StatusCode);
    }

    private async Task<string> TokenAsync() => Regex.Match(await _browser.ReadAsync(Page), "token=(\\S+)").Groups[1].Value;

    private Task<HttpResponseMessage> PostAsync(string token) =>
        _browser.SendAsync(HttpMethod.Post, Page, new FormUrlEncodedContent([KeyValuePair.Create("token", token)]));
}
