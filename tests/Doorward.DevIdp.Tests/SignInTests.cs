using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;

namespace Doorward.DevIdp.Tests;

public class SignInTests
{
    [Fact]
    public async Task Discovery_names_every_endpoint_under_the_issuer()
    {
        await using var provider = await Provider.StartAsync();

        var document = await provider.Browser.GetFromJsonAsync<JsonElement>(provider.At("/.well-known/openid-configuration"));

        Assert.Equal(provider.Server.Issuer, document.GetProperty("issuer").GetString());
        foreach (var name in new[] { "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri" })
            Assert.StartsWith(provider.Server.Issuer, document.GetProperty(name).GetString());
        Assert.Equal(["password", "mfa"], document.GetProperty("acr_values_supported").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(["S256"], document.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(v => v.GetString()));
        Assert.True(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
    }

    [Fact]
    public async Task A_person_signs_in_and_the_client_learns_who_they_are()
    {
        await using var provider = await Provider.StartAsync();

        var answer = await provider.SignInAsync("ada");
        var query = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        Assert.Equal("s1", query["state"]);
        Assert.Equal(provider.Server.Issuer, query["iss"]);

        var tokens = await provider.RedeemAsync(query["code"]!);
        var claims = tokens.IdClaims;
        Assert.Equal(provider.Server.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("app", claims.GetProperty("aud").GetString());
        Assert.Equal("n1", claims.GetProperty("nonce").GetString());
        Assert.Equal("u-3f9c1e", claims.GetProperty("sub").GetString());
        Assert.Equal("ada@example.com", claims.GetProperty("email").GetString());
        Assert.True(claims.GetProperty("email_verified").GetBoolean());
        Assert.Equal(["engineering", "sre"], claims.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));
        Assert.Equal("ada-laptop", claims.GetProperty("deviceid").GetString());
        Assert.Equal("password", claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd"], claims.GetProperty("amr").EnumerateArray().Select(g => g.GetString()));
        Assert.Equal(JsonValueKind.Number, claims.GetProperty("auth_time").ValueKind);
        Assert.NotEmpty(claims.GetProperty("sid").GetString()!);
        Assert.Equal("RS256", tokens.IdHeader.GetProperty("alg").GetString());

        var (status, info) = await provider.UserInfoAsync(tokens.Access);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("u-3f9c1e", info.GetProperty("sub").GetString());
        Assert.Equal(["engineering", "sre"], info.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));
    }

    [Fact]
    public async Task One_group_and_no_group_are_lists_too()
    {
        await using var provider = await Provider.StartAsync();

        var one = await provider.TokensOfAsync("ben");
        Assert.Equal(["finance"], one.IdClaims.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));
        var (_, info) = await provider.UserInfoAsync(one.Access);
        Assert.Equal(["finance"], info.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));

        await using var other = await Provider.StartAsync();
        var none = await other.TokensOfAsync("dora");
        Assert.Empty(none.IdClaims.GetProperty("groups").EnumerateArray());
    }

    [Fact]
    public async Task A_browser_that_is_signed_in_is_not_asked_again()
    {
        await using var provider = await Provider.StartAsync();
        await provider.SignInAsync("ada");

        var second = await provider.Browser.GetAsync(provider.AuthorizeUrl());

        Assert.NotEmpty(Provider.CodeOf(second));
    }

    [Theory]
    [InlineData("&prompt=login")]
    [InlineData("&prompt=select_account")]
    [InlineData("&max_age=0")]
    [InlineData("&acr_values=mfa")]
    public async Task A_client_can_ask_for_a_fresh_or_stronger_sign_in(string more)
    {
        var time = new Clock();
        await using var provider = await Provider.StartAsync(o => o with { Time = time });
        await provider.SignInAsync("ada");
        time.Advance(TimeSpan.FromSeconds(2));

        var page = await provider.Browser.GetAsync(provider.AuthorizeUrl(more));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        var tokens = await provider.TokensOfAsync("ada", more);
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), tokens.IdClaims.GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task A_second_factor_raises_the_level()
    {
        await using var provider = await Provider.StartAsync();

        var tokens = await provider.TokensOfAsync("ada", "&acr_values=mfa", code: "246810");

        Assert.Equal("mfa", tokens.IdClaims.GetProperty("acr").GetString());
        Assert.Contains("otp", tokens.IdClaims.GetProperty("amr").EnumerateArray().Select(g => g.GetString()));
    }

    [Fact]
    public async Task Without_the_second_factor_the_level_stays_and_the_client_is_told()
    {
        await using var provider = await Provider.StartAsync();

        var tokens = await provider.TokensOfAsync("ada", "&acr_values=mfa");

        Assert.Equal("password", tokens.IdClaims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task Prompt_none_never_shows_a_page()
    {
        await using var provider = await Provider.StartAsync();

        var answer = await provider.Browser.GetAsync(provider.AuthorizeUrl("&prompt=none"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("login_required", HttpUtility.ParseQueryString(answer.Headers.Location!.Query)["error"]);
    }

    [Theory]
    [InlineData("ada", "wrong", null)]
    [InlineData("nobody", "wrong", null)]
    [InlineData("ada", "ada-password", "000000")]
    public async Task A_wrong_password_or_code_signs_nobody_in(string name, string password, string? code)
    {
        await using var provider = await Provider.StartAsync();

        var answer = await provider.SignInAsync(name, password, "&acr_values=mfa", code);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("is not right", await answer.Content.ReadAsStringAsync());
        var again = await provider.Browser.GetAsync(provider.AuthorizeUrl());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task What_a_client_sends_is_text_on_the_page()
    {
        await using var provider = await Provider.StartAsync();

        var page = await provider.Browser.GetStringAsync(provider.AuthorizeUrl("&login_hint=" + Uri.EscapeDataString("\"><script>alert(1)</script>")));

        Assert.DoesNotContain("<script>", page);
    }
}
