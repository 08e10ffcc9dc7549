using System.Net;

namespace Doorward.DevIdp.Tests;

public class PeopleTests
{
    [Fact]
    public async Task A_change_of_groups_shows_at_userinfo_and_at_the_next_refresh()
    {
        await using var provider = await Provider.StartAsync();
        var tokens = await provider.TokensOfAsync("ada");

        await ChangeAsync(provider, "ada", ("groups", "finance"), ("active", "true"), ("device_compliant", "false"));

        var (_, info) = await provider.UserInfoAsync(tokens.Access);
        Assert.Equal(["finance"], info.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));
        Assert.False(info.GetProperty("device_compliant").GetBoolean());
        var refreshed = await provider.RefreshAsync(tokens.Refresh);
        Assert.Equal(["finance"], refreshed.IdClaims.GetProperty("groups").EnumerateArray().Select(g => g.GetString()));
    }

    [Fact]
    public async Task A_person_who_is_deactivated_cannot_refresh_nor_sign_in()
    {
        await using var provider = await Provider.StartAsync();
        var tokens = await provider.TokensOfAsync("ada");

        await ChangeAsync(provider, "ada");

        Assert.Equal("invalid_grant", (await provider.RefreshAsync(tokens.Refresh)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await provider.UserInfoAsync(tokens.Access)).Status);
        var page = await provider.SignInAsync("ada");
        Assert.Contains("may not sign in any more", await page.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_end_date_refuses_from_its_instant_on()
    {
        var time = new Clock();
        await using var provider = await Provider.StartAsync(o => o with { Time = time });
        var tokens = await provider.TokensOfAsync("cleo");

        await ChangeAsync(provider, "cleo", ("active", "true"), ("ends_in_seconds", "5"));
        time.Advance(TimeSpan.FromSeconds(4));
        tokens = await provider.RefreshAsync(tokens.Refresh);
        Assert.Null(tokens.Error);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("invalid_grant", (await provider.RefreshAsync(tokens.Refresh)).Error);
    }

    [Fact]
    public async Task Another_site_can_neither_change_people_nor_sign_them_in()
    {
        await using var provider = await Provider.StartAsync();
        provider.Browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        var change = await provider.Browser.PostAsync(provider.At("/people/ada"), new FormUrlEncodedContent([]));
        var signIn = await provider.SignInAsync("ada");

        Assert.Equal(HttpStatusCode.Forbidden, change.StatusCode);
        Assert.Equal(HttpStatusCode.OK, signIn.StatusCode);
        Assert.True(provider.Server.Roster.Find("ada")!.Active);
    }

    [Fact]
    public async Task Signing_out_ends_the_sessions_refresh_tokens_and_leads_back()
    {
        await using var provider = await Provider.StartAsync();
        var tokens = await provider.TokensOfAsync("ada");

        var answer = await provider.Browser.GetAsync(provider.At(
            $"/end-session?id_token_hint={tokens.Id}&state=s2&post_logout_redirect_uri={Uri.EscapeDataString(Provider.SignedOut)}"));

        Assert.Equal(Provider.SignedOut + "?state=s2", answer.Headers.Location?.ToString());
        Assert.Equal("invalid_grant", (await provider.RefreshAsync(tokens.Refresh)).Error);
        Assert.Equal(HttpStatusCode.OK, (await provider.Browser.GetAsync(provider.AuthorizeUrl())).StatusCode);
        var foreign = await provider.Browser.GetAsync(provider.At("/end-session?post_logout_redirect_uri=http%3A%2F%2Felsewhere.example%2F"));
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task People_grants_and_keys_outlive_a_restart_in_files_that_only_the_owner_reads()
    {
        var folder = Directory.CreateTempSubdirectory("devidp-").FullName;
        try
        {
            Tokens tokens;
            await using (var provider = await Provider.StartAsync(o => o with { StateFolder = folder }))
            {
                tokens = await provider.TokensOfAsync("ada");
                await ChangeAsync(provider, "ada", ("groups", "finance"), ("active", "true"));
            }
            foreach (var file in OperatingSystem.IsWindows() ? [] : Directory.GetFiles(folder))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);

            await using var again = await Provider.StartAsync(o => o with { StateFolder = folder });
            // The issuer is the same only with the same port; the person's state is read either way.
            Assert.Equal(["finance"], again.Server.Roster.Find("ada")!.Groups);
            var kid = tokens.IdHeader.GetProperty("kid").GetString();
            Assert.Contains(kid!, await again.Browser.GetStringAsync(again.At("/jwks")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ChangeAsync(Provider provider, string userName, params (string Name, string Value)[] fields)
    {
        var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await provider.Browser.PostAsync(provider.At($"/people/{userName}"), form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
