using System.Text.Json.Nodes;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class RefreshTests : IAsyncLifetime
{
    private LyingProvider _provider = null!;
    private DoorLab _door = null!;
    private LabBrowser _browser = null!;

    private SessionRefresh Refresh => _door.Services.GetRequiredService<SessionRefresh>();

    private Task<string> PageAsync => _browser.ReadAsync(_door.Url(DoorLab.App));

    public async ValueTask InitializeAsync()
    {
        var keys = await KeyLab.StartAsync();
        _provider = await LyingProvider.StartAsync(keys.Time);
        _door = await DoorLab.StartAsync(keys, _provider.Settings);
        _browser = _door.Browser();
        await PageAsync;
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _door.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_token_is_about_to_end()
    {
        Assert.Equal(0, await Refresh.RunAsync(default));
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await Refresh.RunAsync(default));
        Assert.Equal("refresh_token", _provider.LastTokenRequest["grant_type"]);
        Assert.Equal(0, await Refresh.RunAsync(default));
    }

    [Fact]
    [Trait("advisory", "7")]
    [Trait("advisory", "165")]
    [Trait("advisory", "211")]
    public async Task Changed_claims_count_without_a_new_sign_in()
    {
        _provider.UserInfo = info => info["groups"] = new JsonArray("staff");
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.Equal(["staff"], (await PersonAsync()).Facts.Groups!.Select(g => g.Id));
    }

    [Fact]
    [Trait("advisory", "205")]
    public async Task A_refusal_ends_the_session_everywhere()
    {
        await _browser.ReadAsync(_door.Url(DoorLab.Other));
        Answer(400, """{"error":"invalid_grant"}""");
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        foreach (var host in (string[])[DoorLab.App, DoorLab.Other, DoorLab.Own])
            Assert.NotNull((await _browser.GetAsync(_door.Url(host))).Headers.Location);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(503, "")]
    [InlineData(429, "")]
    [InlineData(200, "<html>maintenance</html>")]
    [InlineData(400, """{"error":"invalid_client"}""")]
    public async Task An_outage_or_a_wrong_setting_signs_nobody_out(int status, string body)
    {
        Answer(status, body);
        for (var hour = 0; hour < 13; hour++)
        {
            _door.Time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, await Refresh.RunAsync(default));
        }

        Assert.Contains("lab/ada", await _browser.ReadAsync(_door.Url(DoorLab.App)), StringComparison.Ordinal);
        Assert.Equal(1, _provider.Hits["/authorize"]);

        _provider.Instead.Clear();
        _door.Time.Advance(TimeSpan.FromMinutes(15));
        await Refresh.RunAsync(default);
        Assert.Equal(0, await Refresh.RunAsync(default));
    }

    [Fact]
    public async Task The_session_ends_at_its_own_end_all_the_same()
    {
        Answer(500, "");
        _door.Time.Advance(TimeSpan.FromHours(14));
        Assert.Equal(0, await Refresh.RunAsync(default));
        Assert.NotNull((await _browser.GetAsync(_door.Url(DoorLab.App))).Headers.Location);
    }

    [Fact]
    public async Task New_tokens_are_kept_even_where_what_follows_fails()
    {
        _provider.TokenAnswer = answer => answer["refresh_token"] = "refresh-2";
        _provider.Instead["/userinfo"] = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.Equal("refresh-2", _provider.LastTokenRequest["refresh_token"]);
    }

    [Fact]
    public async Task Another_persons_answer_is_not_taken_over()
    {
        _provider.Token = token => token.Claims["sub"] = "eve";
        _provider.UserInfo = info => info["sub"] = "eve";
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.Contains("lab/ada", await PageAsync, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_and_how_somebody_signed_in_outlives_the_refresh()
    {
        var before = await SessionAsync();
        _provider.Token = token => token.Claims.Remove("auth_time");
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.NotNull(before.Facts.AuthTime);
        Assert.Equal(before.Facts.AuthTime, (await SessionAsync()).Facts.AuthTime);
    }

    [Fact]
    public async Task Two_nodes_do_not_ask_for_one_session()
    {
        _door.Time.Advance(TimeSpan.FromMinutes(5));
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refresh.RunAsync(default)));
        Assert.Equal(1, counts.Sum());
    }

    private void Answer(int status, string body) => _provider.Instead["/token"] = async context =>
    {
        context.Response.StatusCode = status;
        await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body);
    };

    private async Task<Server.Identity.Person> PersonAsync() => (await CallerAsync()).Person!;

    private async Task<Server.Identity.Session> SessionAsync() => (await CallerAsync()).Session!;

    private async Task<Server.Identity.Caller> CallerAsync()
    {
        await _door.Keys.Feed.LookAsync();
        var table = _door.Services.GetRequiredService<Server.Identity.Sessions.SessionTable>();
        return await table.FindAsync(_browser.Cookies[(DoorLab.App, "__Host-doorward")], DoorLab.App, default);
    }
}
