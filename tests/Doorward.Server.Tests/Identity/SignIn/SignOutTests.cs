using System.Net;
using System.Text.RegularExpressions;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class SignOutTests : OneProviderTest
{
    private Uri Page => Door.Url(DoorLab.Own, "/.doorward/sign-out");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Browser.ReadAsync(Door.Url(DoorLab.App));
    }

    [Fact]
    [Trait("advisory", "125")]
    [Trait("advisory", "58")]
    public async Task Signing_out_ends_the_session_at_every_host_and_leads_to_the_provider()
    {
        var cookies = Browser.Cookies.ToDictionary();
        var answer = await PostAsync(await TokenAsync());
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith($"{Provider.Issuer}/end?client_id=doorward&post_logout_redirect_uri=https%3A%2F%2Fdoor.example.com", answer.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Contains("&id_token_hint=eyJ", answer.Headers.Location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(1, Provider.Hits["/revoke"]);
        Assert.DoesNotContain(Browser.Cookies, c => c.Key == (DoorLab.Own, "__Host-doorward"));
        foreach (var (key, value) in cookies) Browser.Cookies[key] = value;
        foreach (var host in (string[])[DoorLab.App, DoorLab.Own]) Assert.NotNull((await Browser.GetAsync(Door.Url(host))).Headers.Location);
    }

    [Theory]
    [InlineData("")]
    [InlineData("token=")]
    [InlineData("token=forged")]
    public async Task Nobody_is_signed_out_without_having_been_asked(string form)
    {
        var answer = await Browser.SendAsync(HttpMethod.Post, Page, new StringContent(form, null, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("lab/ada", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_question_of_one_session_does_not_end_another()
    {
        using var other = Door.Browser();
        await other.ReadAsync(Door.Url(DoorLab.App));
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
            Provider.Instead[path] = context =>
            {
                context.Response.StatusCode = 500;
                return Task.CompletedTask;
            };
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(token)).StatusCode);
        Assert.NotNull((await Browser.GetAsync(Door.Url(DoorLab.App))).Headers.Location);
    }

    [Fact]
    [Trait("advisory", "166")]
    [Trait("advisory", "188")]
    public async Task It_leads_nowhere_that_a_parameter_says()
    {
        using var stranger = Door.Browser();
        var query = "?rd=https://evil.test&redirect_uri=//evil.test&return=/%5Cevil.test&post_logout_redirect_uri=https://evil.test";
        var answer = await stranger.GetAsync(new Uri(Page.AbsoluteUri + query));
        Assert.Equal("/.doorward/signed-out", answer.Headers.Location!.OriginalString);
        Assert.Equal("signed out", await (await stranger.GetAsync(Door.Url(DoorLab.Own, "/.doorward/signed-out" + query))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_routes_host_leads_to_doorwards_own()
    {
        var answer = await Browser.GetAsync(Door.Url(DoorLab.App, "/.doorward/sign-out"));
        Assert.Equal(Page, answer.Headers.Location);
    }

    [Fact]
    public async Task A_script_cannot_install_itself_below_our_path()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Browser.SendAsync(HttpMethod.Get, Door.Url(DoorLab.App, "/.doorward/sign-out"), header: ("Service-Worker", "script"))).StatusCode);
    }

    private async Task<string> TokenAsync() => Regex.Match(await Browser.ReadAsync(Page), "token=(\\S+)").Groups[1].Value;

    private Task<HttpResponseMessage> PostAsync(string token) =>
        Browser.SendAsync(HttpMethod.Post, Page, new FormUrlEncodedContent([KeyValuePair.Create("token", token)]));
}
