using System.Net;
using System.Web;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>What others may try with the addresses and cookies of a sign-in.</summary>
public sealed class AttackTests : OneProviderTest
{
    private LabBrowser _mallory = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _mallory = Door.Browser();
    }

    public override async ValueTask DisposeAsync()
    {
        _mallory.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    [Trait("advisory", "181")]
    [Trait("advisory", "175")]
    public async Task A_flow_does_not_end_in_another_browser()
    {
        var url = await CallbackAsync(_mallory);
        await AssertRefusedAsync(await Browser.GetAsync(url));
        Assert.False(Provider.Hits.ContainsKey("/token"));
        Assert.DoesNotContain(Browser.Cookies, c => c.Key.Name == "__Host-doorward");
    }

    [Fact]
    [Trait("advisory", "203")]
    public async Task An_answer_counts_once()
    {
        var url = await CallbackAsync(Browser);
        Assert.Equal(HttpStatusCode.Redirect, (await Browser.GetAsync(url)).StatusCode);
        await AssertRefusedAsync(await Browser.GetAsync(url));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("?code=x")]
    [InlineData("?state=")]
    [InlineData("?state=x&state=y")]
    [InlineData("?code=x&state=0123456789abcdef0123456789abcdef")]
    [InlineData("?error=access_denied")]
    [InlineData("?error=%3Cscript%3E&error_description=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("?state=%00")]
    [Trait("advisory", "32")]
    [Trait("advisory", "43")]
    public async Task A_callback_without_a_flow_has_one_answer(string query) =>
        await AssertRefusedAsync(await Browser.GetAsync(Door.Url(DoorLab.Own, "/oauth2/callback" + query)));

    [Fact]
    [Trait("advisory", "43")]
    public async Task A_state_of_many_kilobytes_is_refused() =>
        await AssertRefusedAsync(await Browser.GetAsync(Door.Url(DoorLab.Own, "/oauth2/callback?code=x&state=" + new string('a', 6000))));

    [Fact]
    [Trait("advisory", "44")]
    [Trait("advisory", "66")]
    [Trait("advisory", "74")]
    public async Task Every_altered_byte_of_a_flow_has_the_same_answer()
    {
        var url = await CallbackAsync(Browser);
        var cookie = Browser.Cookies.Single(c => c.Key.Name.StartsWith("__Host-doorward-flow-", StringComparison.Ordinal));
        var answers = new HashSet<string>();
        for (var i = 0; i < cookie.Value.Length; i += 7)
        {
            Browser.Cookies[cookie.Key] = cookie.Value[..i] + (cookie.Value[i] == 'A' ? 'B' : 'A') + cookie.Value[(i + 1)..];
            answers.Add(await AssertRefusedAsync(await Browser.GetAsync(url)));
        }

        Assert.Single(answers);
        Browser.Cookies[cookie.Key] = cookie.Value;
        Assert.Equal(HttpStatusCode.Redirect, (await Browser.GetAsync(url)).StatusCode);
    }

    [Fact]
    [Trait("advisory", "2")]
    public async Task A_request_that_was_removed_altered_or_is_too_old_starts_nothing()
    {
        var (_, url) = await Browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/.doorward/sign-in");
        var request = HttpUtility.ParseQueryString(url.Query)["request"]!;
        foreach (var forged in (string[])["", "x", request[..^1], request + "A", request[..50] + (request[50] == 'A' ? 'B' : 'A') + request[51..]])
            await AssertRefusedAsync(await Browser.GetAsync(Door.Url(DoorLab.Own, "/.doorward/sign-in?request=" + forged)));
        Door.Time.Advance(TimeSpan.FromHours(1));
        await AssertRefusedAsync(await Browser.GetAsync(url));
        Assert.False(Provider.Hits.ContainsKey("/authorize"));
    }

    [Fact]
    public async Task A_hand_over_code_is_worth_nothing_in_another_browser_and_burnt_there()
    {
        var (_, url) = await Browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/.doorward/callback");
        await _mallory.GetAsync(Door.Url(DoorLab.App));
        await AssertRefusedAsync(await _mallory.GetAsync(url));
        await AssertRefusedAsync(await Browser.GetAsync(url));
        Assert.DoesNotContain(_mallory.Cookies, c => c.Key.Name == "__Host-doorward");
    }

    [Fact]
    [Trait("advisory", "202")]
    public async Task A_hand_over_code_counts_once_and_at_its_host()
    {
        await Browser.GetAsync(Door.Url(DoorLab.Other));
        var (_, url) = await Browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/.doorward/callback");
        await AssertRefusedAsync(await Browser.GetAsync(new Uri(url.AbsoluteUri.Replace(DoorLab.App, DoorLab.Other, StringComparison.Ordinal))));
        Assert.Equal(HttpStatusCode.Redirect, (await Browser.GetAsync(url)).StatusCode);
        await AssertRefusedAsync(await Browser.GetAsync(url));
    }

    [Fact]
    [Trait("advisory", "173")]
    public async Task A_cookie_of_one_host_opens_no_other()
    {
        await Browser.ReadAsync(Door.Url(DoorLab.App));
        _mallory.Cookies[(DoorLab.Other, "__Host-doorward")] = Browser.Cookies[(DoorLab.App, "__Host-doorward")];
        _mallory.Cookies[(DoorLab.Own, "__Host-doorward")] = Browser.Cookies[(DoorLab.App, "__Host-doorward")];
        Assert.NotNull((await _mallory.GetAsync(Door.Url(DoorLab.Other))).Headers.Location);
        Assert.NotNull((await _mallory.GetAsync(Door.Url(DoorLab.Own))).Headers.Location);
    }

    [Fact]
    public async Task The_issuer_of_the_answer_must_be_the_provider()
    {
        Provider.Response = response => response["iss"] = "https://idp.example";
        await AssertRefusedAsync((await Browser.FollowAsync(Door.Url(DoorLab.App))).Answer);
        Provider.Response = response => response.Remove("iss");
        await AssertRefusedAsync((await Browser.FollowAsync(Door.Url(DoorLab.App))).Answer);
        Assert.False(Provider.Hits.ContainsKey("/token"));
    }

    [Theory]
    [InlineData("DELETE", "/.doorward/sign-in")]
    [InlineData("POST", "/.doorward/sign-in")]
    [InlineData("PUT", "/oauth2/callback")]
    [InlineData("POST", "/.doorward/signed-out")]
    public async Task Other_methods_are_refused(string method, string path) =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Browser.SendAsync(new HttpMethod(method), Door.Url(DoorLab.Own, path))).StatusCode);

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded", "state=x")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData(null, "x")]
    [Trait("advisory", "194")]
    public async Task A_posted_answer_without_a_flow_is_refused(string? type, string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = type is null ? null : new(type);
        await AssertRefusedAsync(await Browser.SendAsync(HttpMethod.Post, Door.Url(DoorLab.Own, "/oauth2/callback"), content));
    }

    [Fact]
    [Trait("advisory", "92")]
    [Trait("advisory", "212")]
    public async Task No_secret_is_in_the_log()
    {
        Provider.Token = token => token.Claims["nonce"] = "other";
        await Browser.FollowAsync(Door.Url(DoorLab.App));
        Assert.NotEmpty(Door.Log);
        Assert.All(Door.Log, line =>
        {
            Assert.DoesNotContain(LyingProvider.ClientSecret, line, StringComparison.Ordinal);
            Assert.DoesNotContain(LyingProvider.AccessToken, line, StringComparison.Ordinal);
            Assert.DoesNotContain("eyJ", line, StringComparison.Ordinal);
        });
    }

    private async Task<Uri> CallbackAsync(LabBrowser browser) =>
        (await browser.FollowAsync(Door.Url(DoorLab.App), u => u.AbsolutePath == "/oauth2/callback")).Url;

    private static async Task<string> AssertRefusedAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("trouble Invalid", text, StringComparison.Ordinal);
        return text;
    }
}
