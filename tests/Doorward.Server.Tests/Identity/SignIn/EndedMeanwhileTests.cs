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
public sealed class EndedMeanwhileTests : IAsyncLifetime
{
    private LyingProvider _provider = null!;
    private DoorLab _door = null!;
    private LabBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        var keys = await KeyLab.StartAsync();
        _provider = await LyingProvider.StartAsync(keys.Time);
        _door = await DoorLab.StartAsync(keys, new ProviderSettings { Name = "lab", Preset = "oidc", Url = _provider.Issuer, ClientId = LyingProvider.ClientId, ClientSecret = LyingProvider.ClientSecret, DeviceClaim = "device_id" });
        _door.Transmitters = [new(new SignalOptions { Name = "lab", Providers = ["lab"], Issuer = new Uri(_provider.Issuer), Audience = "doorward" }, new Uri("https://door.example.com"), allowLocalHttp: true, Outbound.Connect, keys.Time)];
        _browser = _door.Browser();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _door.Transmitters) one.Dispose();
        _browser.Dispose();
        await _door.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("an administrator")]
    [InlineData("a logout of the person")]
    [InlineData("a logout of the session")]
    [InlineData("an event about the person")]
    [InlineData("an event about the device")]
    public async Task A_sign_in_under_way_does_not_outlast_what_ends_it(string by)
    {
        _provider.Token = token => (token.Claims["sid"], token.Claims["device_id"]) = ("sid-1", "d1");
        var (_, callback) = await _browser.FollowAsync(_door.Url(DoorLab.App, "/page"), url => url.AbsolutePath == "/oauth2/callback");
        await EndAsync(by);
        _door.Time.Advance(TimeSpan.FromSeconds(2));

        var (_, again) = await _browser.FollowAsync(callback, url => url.AbsolutePath == "/oauth2/callback");
        Assert.Equal(("login", "0", 2), (_provider.LastAuthorization["prompt"], _provider.LastAuthorization["max_age"], _provider.Hits["/authorize"]));
        Assert.Empty(await SessionsAsync());
        Assert.Contains("lab/ada at app.example.com /page", await _browser.ReadAsync(again), StringComparison.Ordinal);
        Assert.Single(await SessionsAsync());
    }

    [Fact]
    public async Task A_provider_that_lets_nobody_prove_anew_who_they_are_signs_nobody_in()
    {
        await EndAsync("an administrator");
        var before = _door.Time.GetUtcNow();
        _provider.Token = token => token.Time("auth_time", before - TimeSpan.FromMinutes(10));
        _door.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("trouble Over", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
        Assert.Equal(2, _provider.Hits["/authorize"]);

        _provider.Token = token => token.Time("auth_time", before + TimeSpan.FromSeconds(1));
        Assert.Contains("lab/ada", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_up_of_what_was_ended_strengthens_nothing()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        _door.Time.Advance(TimeSpan.FromHours(1));
        _door.Asking = new Asking("", Policy.Remedies.FreshSignIn);
        _provider.Token = token => token.Claims["sid"] = "sid-1";
        var (_, callback) = await _browser.FollowAsync(_door.Url(DoorLab.App), url => url.AbsolutePath == "/oauth2/callback");
        await EndAsync("a logout of the session");
        _door.Time.Advance(TimeSpan.FromSeconds(2));
        await _browser.FollowAsync(callback, url => url.AbsolutePath == "/oauth2/callback");
        Assert.Null(Assert.Single(await SessionsAsync()).ProviderSession);
    }

    [Fact]
    public async Task Others_sign_in_as_before()
    {
        var (_, callback) = await _browser.FollowAsync(_door.Url(DoorLab.App), url => url.AbsolutePath == "/oauth2/callback");
        await _door.Services.GetRequiredService<SessionStore>().EndAllAsync("lab/bob");
        await EndAsync("a logout of the session");
        Assert.Contains("lab/ada", await _browser.ReadAsync(callback), StringComparison.Ordinal);
        Assert.Equal(1, _provider.Hits["/authorize"]);
    }

    private Task<IReadOnlyList<SessionRow>> SessionsAsync() => _door.Services.GetRequiredService<SessionStore>().ListAsync("lab/ada", 10, default);

    private async Task EndAsync(string by)
    {
        var (now, kept) = (_door.Time.GetUtcNow(), _provider.Token);
        _provider.Token = static _ => { };
        var claims = new JsonObject { ["iss"] = _provider.Issuer, ["aud"] = "doorward", ["iat"] = now.ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString() };
        if (by == "an administrator")
        {
            await _door.Services.GetRequiredService<SessionStore>().EndAllAsync("lab/ada");
        }
        else if (by.StartsWith("a logout", StringComparison.Ordinal))
        {
            claims[by.EndsWith("session", StringComparison.Ordinal) ? "sid" : "sub"] = by.EndsWith("session", StringComparison.Ordinal) ? "sid-1" : "ada";
            claims["exp"] = now.AddMinutes(2).ToUnixTimeSeconds();
            claims["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() };
            await PostAsync("backchannel-logout/lab", new FormUrlEncodedContent([KeyValuePair.Create("logout_token", _provider.Write(claims, "logout+jwt"))]));
        }
        else
        {
            var device = new JsonObject { ["format"] = "complex", ["device"] = new JsonObject { ["format"] = "opaque", ["id"] = "d1" } };
            claims["sub_id"] = by.EndsWith("device", StringComparison.Ordinal) ? device : new JsonObject { ["format"] = "iss_sub", ["iss"] = _provider.Issuer, ["sub"] = "ada" };
            claims["events"] = new JsonObject { ["https://schemas.openid.net/secevent/caep/event-type/session-revoked"] = new JsonObject { ["event_timestamp"] = now.ToUnixTimeSeconds() } };
            await PostAsync("signals/lab", new StringContent(_provider.Write(claims, "secevent+jwt"), Encoding.ASCII, new MediaTypeHeaderValue("application/secevent+jwt")));
        }
        _provider.Token = kept;
    }

    private async Task PostAsync(string path, HttpContent content)
    {
        using var sender = _door.Browser();
        using var answer = await sender.SendAsync(HttpMethod.Post, _door.Url(DoorLab.Own, "/.doorward/" + path), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
