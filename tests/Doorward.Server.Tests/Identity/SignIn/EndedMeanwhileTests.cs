using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Routes.Options;
using Doorward.Server.Tests.Identity.Lab;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>What is ended while somebody signs in is ended for that sign-in too: the person proves anew who they are.</summary>
public sealed class EndedMeanwhileTests : OneProviderTest
{
    private protected override ProviderSettings Settings =>
        new() { Name = "lab", Preset = "oidc", Url = Provider.Issuer, ClientId = LyingProvider.ClientId, ClientSecret = LyingProvider.ClientSecret, DeviceClaim = "device_id" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Door.Transmitters = [new(new SignalOptions { Name = "lab", Providers = ["lab"], Issuer = new Uri(Provider.Issuer), Audience = "doorward" }, new Uri("https://door.example.com"), allowLocalHttp: true, Outbound.Connect, Door.Time)];
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var one in Door.Transmitters) one.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("an administrator")]
    [InlineData("a logout of the person")]
    [InlineData("a logout of the session")]
    [InlineData("an event about the person")]
    [InlineData("an event about the device")]
    public async Task A_sign_in_under_way_does_not_outlast_what_ends_it(string by)
    {
        Provider.Token = token => (token.Claims["sid"], token.Claims["device_id"]) = ("sid-1", "d1");
        var (_, callback) = await Browser.FollowAsync(Door.Url(DoorLab.App, "/page"), url => url.AbsolutePath == "/oauth2/callback");
        await EndAsync(by);
        Door.Time.Advance(TimeSpan.FromSeconds(2));

        var (_, again) = await Browser.FollowAsync(callback, url => url.AbsolutePath == "/oauth2/callback");
        Assert.Equal(("login", "0", 2), (Provider.LastAuthorization["prompt"], Provider.LastAuthorization["max_age"], Provider.Hits["/authorize"]));
        Assert.Empty(await SessionsAsync());
        Assert.Contains("lab/ada at app.example.com /page", await Browser.ReadAsync(again), StringComparison.Ordinal);
        Assert.Single(await SessionsAsync());
    }

    [Fact]
    public async Task A_provider_that_lets_nobody_prove_anew_who_they_are_signs_nobody_in()
    {
        await EndAsync("an administrator");
        var before = Door.Time.GetUtcNow();
        Provider.Token = token => token.Time("auth_time", before - TimeSpan.FromMinutes(10));
        Door.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("trouble Over", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
        Assert.Equal(2, Provider.Hits["/authorize"]);

        Provider.Token = token => token.Time("auth_time", before + TimeSpan.FromSeconds(1));
        Assert.Contains("lab/ada", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_up_of_what_was_ended_strengthens_nothing()
    {
        await Browser.ReadAsync(Door.Url(DoorLab.App));
        Door.Time.Advance(TimeSpan.FromHours(1));
        Door.Asking = new Asking("", Policy.Remedies.FreshSignIn);
        Provider.Token = token => token.Claims["sid"] = "sid-1";
        var (_, callback) = await Browser.FollowAsync(Door.Url(DoorLab.App), url => url.AbsolutePath == "/oauth2/callback");
        await EndAsync("a logout of the session");
        Door.Time.Advance(TimeSpan.FromSeconds(2));
        await Browser.FollowAsync(callback, url => url.AbsolutePath == "/oauth2/callback");
        Assert.Null(Assert.Single(await SessionsAsync()).ProviderSession);
    }

    [Fact]
    public async Task Others_sign_in_as_before()
    {
        var (_, callback) = await Browser.FollowAsync(Door.Url(DoorLab.App), url => url.AbsolutePath == "/oauth2/callback");
        await Door.Services.GetRequiredService<SessionStore>().EndAllAsync("lab/bob");
        await EndAsync("a logout of the session");
        Assert.Contains("lab/ada", await Browser.ReadAsync(callback), StringComparison.Ordinal);
        Assert.Equal(1, Provider.Hits["/authorize"]);
    }

    private Task<IReadOnlyList<SessionRow>> SessionsAsync() => Door.Services.GetRequiredService<SessionStore>().ListAsync("lab/ada", 10, default);

    private async Task EndAsync(string by)
    {
        var (now, kept) = (Door.Time.GetUtcNow(), Provider.Token);
        Provider.Token = static _ => { };
        var claims = new JsonObject { ["iss"] = Provider.Issuer, ["aud"] = "doorward", ["iat"] = now.ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString() };
        if (by == "an administrator")
        {
            await Door.Services.GetRequiredService<SessionStore>().EndAllAsync("lab/ada");
        }
        else if (by.StartsWith("a logout", StringComparison.Ordinal))
        {
            claims[by.EndsWith("session", StringComparison.Ordinal) ? "sid" : "sub"] = by.EndsWith("session", StringComparison.Ordinal) ? "sid-1" : "ada";
            claims["exp"] = now.AddMinutes(2).ToUnixTimeSeconds();
            claims["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() };
            await PostAsync("backchannel-logout/lab", new FormUrlEncodedContent([KeyValuePair.Create("logout_token", Provider.Write(claims, "logout+jwt"))]));
        }
        else
        {
            var device = new JsonObject { ["format"] = "complex", ["device"] = new JsonObject { ["format"] = "opaque", ["id"] = "d1" } };
            claims["sub_id"] = by.EndsWith("device", StringComparison.Ordinal) ? device : new JsonObject { ["format"] = "iss_sub", ["iss"] = Provider.Issuer, ["sub"] = "ada" };
            claims["events"] = new JsonObject { ["https://schemas.openid.net/secevent/caep/event-type/session-revoked"] = new JsonObject { ["event_timestamp"] = now.ToUnixTimeSeconds() } };
            await PostAsync("signals/lab", new StringContent(Provider.Write(claims, "secevent+jwt"), Encoding.ASCII, new MediaTypeHeaderValue("application/secevent+jwt")));
        }
        Provider.Token = kept;
    }

    private async Task PostAsync(string path, HttpContent content)
    {
        using var sender = Door.Browser();
        using var answer = await sender.SendAsync(HttpMethod.Post, Door.Url(DoorLab.Own, "/.doorward/" + path), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
