using System.Net;
using System.Text.RegularExpressions;
using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>npm's oidc-provider, a certified provider that none of us wrote: the whole flow against it.</summary>
public sealed partial class CertifiedProviderTests : IAsyncLifetime
{
    private NodePeer _peer = null!;
    private DoorLab _door = null!;
    private LabBrowser _browser = null!;
    private Uri _issuer = null!;

    public async ValueTask InitializeAsync()
    {
        var keys = await KeyLab.StartAsync();
        // The provider's clock cannot be set: ours is set to it, and then goes on when told.
        keys.Time.SetRight();
        _door = await DoorLab.StartAsync(keys);
        _peer = await NodePeer.StartAsync(
            "oidc-provider-peer.mjs", _door.Url(DoorLab.Own, Paths.Callback).AbsoluteUri, _door.Url(DoorLab.Own, Paths.SignedOut).AbsoluteUri, "", _door.Url(DoorLab.Own, BackChannelLogout.Path + "/certified").AbsoluteUri);
        _issuer = new Uri((await _peer.Output.ReadLineAsync())!);
        _door.Providers = new ProviderSet(
            [
                new ProviderSettings
                {
                    Name = "certified", Preset = "oidc", Url = _issuer.OriginalString, ClientId = "doorward", ClientSecret = "a secret with spaces & signs: +/=%",
                },
            ],
            allowLocalHttp: true,
            Outbound.Connect,
            keys.Time);
        _browser = _door.Browser();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _door.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task A_stranger_signs_in_and_comes_back()
    {
        Assert.Contains("certified/ada at app.example.com /page?q=1", await _browser.ReadAsync(_door.Url(DoorLab.App, "/page?q=1")), StringComparison.Ordinal);
        var caller = await CallerAsync();
        Assert.Equal("ada@example.com", caller.Person!.Facts.Email);
        Assert.True(caller.Person.Facts.EmailVerified);
        Assert.Equal(["staff", "sre"], caller.Person.Facts.Groups!.Select(g => g.Id));
    }

    [Fact]
    public async Task A_fresh_and_stronger_sign_in_brings_what_was_asked()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        _door.Asking = new Asking("", Remedies.FreshSignIn | Remedies.StrongerAuthentication, Acr: ["mfa"]);
        var (_, url) = await _browser.FollowAsync(_door.Url(DoorLab.App), u => u.AbsolutePath == Paths.Callback);
        _door.Asking = new Asking("", Remedies.SignIn);
        Assert.Contains("acr=mfa failed=None", await _browser.ReadAsync(url), StringComparison.Ordinal);
        var facts = (await CallerAsync()).Session!.Facts;
        Assert.InRange(facts.AuthTime!.Value, _door.Time.GetUtcNow().AddSeconds(-90), _door.Time.GetUtcNow().AddSeconds(90));
    }

    [Fact]
    public async Task Refreshing_rotates_the_tokens_and_brings_changed_claims()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        await LabAsync("groups");
        for (var round = 0; round < 3; round++)
        {
            _door.Time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(1, await _door.Services.GetRequiredService<SessionRefresh>().RunAsync(default));
        }

        var caller = await CallerAsync();
        Assert.Equal(CallerKind.Known, caller.Kind);
        Assert.Equal(["staff"], caller.Person!.Facts.Groups!.Select(g => g.Id));
    }

    [Fact]
    public async Task A_grant_that_was_taken_back_ends_the_session()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        await LabAsync("revoke");
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await _door.Services.GetRequiredService<SessionRefresh>().RunAsync(default);
        Assert.Equal(CallerKind.Refused, (await CallerAsync()).Kind);
    }

    [Fact]
    public async Task Signing_out_signs_out_at_the_provider_too()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        var page = await _browser.ReadAsync(_door.Url(DoorLab.Own, Paths.SignOut));
        Assert.EndsWith($"provider={_issuer.GetLeftPart(UriPartial.Authority)}", page, StringComparison.Ordinal);
        var token = TokenPattern().Match(page).Groups[1].Value;
        var posted = await _browser.SendAsync(HttpMethod.Post, _door.Url(DoorLab.Own, Paths.SignOut), new FormUrlEncodedContent([KeyValuePair.Create("token", token)]));

        // The provider asks its own question, and leads back to us.
        var (question, url) = await _browser.FollowAsync(posted.Headers.Location!);
        Assert.Equal(HttpStatusCode.OK, question.StatusCode);
        var xsrf = XsrfPattern().Match(await question.Content.ReadAsStringAsync()).Groups[1].Value;
        var confirmed = await _browser.SendAsync(
            HttpMethod.Post, new Uri(url, "/session/end/confirm"), new FormUrlEncodedContent([KeyValuePair.Create("xsrf", xsrf), KeyValuePair.Create("logout", "yes")]));
        Assert.Equal(_door.Url(DoorLab.Own, Paths.SignedOut).AbsolutePath, confirmed.Headers.Location!.AbsolutePath);
        Assert.Equal("signed out", await _browser.ReadAsync(confirmed.Headers.Location));
    }

    [Fact]
    public async Task Signing_out_at_the_provider_signs_out_here_too()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.App));
        Assert.Equal(CallerKind.Known, (await CallerAsync()).Kind);
        var (question, url) = await _browser.FollowAsync(new Uri(_issuer, "/session/end"));
        var xsrf = XsrfPattern().Match(await question.Content.ReadAsStringAsync()).Groups[1].Value;
        await _browser.SendAsync(HttpMethod.Post, new Uri(url, "/session/end/confirm"), new FormUrlEncodedContent([KeyValuePair.Create("xsrf", xsrf), KeyValuePair.Create("logout", "yes")]));
        await Eventually.Holds(async () => (await CallerAsync()).Kind == CallerKind.Refused);
    }

    private async Task LabAsync(string what)
    {
        using var client = new HttpClient();
        (await client.GetAsync(new Uri(_issuer, "/lab/" + what))).EnsureSuccessStatusCode();
    }

    private async Task<Caller> CallerAsync()
    {
        await _door.Keys.Feed.LookAsync();
        return await _door.Services.GetRequiredService<SessionTable>().FindAsync(_browser.Cookies[(DoorLab.App, "__Host-doorward")], DoorLab.App, default);
    }

    [GeneratedRegex("token=(\\S+)")]
    private static partial Regex TokenPattern();

    [GeneratedRegex("name=\"xsrf\" value=\"([^\"]+)\"")]
    private static partial Regex XsrfPattern();
}
