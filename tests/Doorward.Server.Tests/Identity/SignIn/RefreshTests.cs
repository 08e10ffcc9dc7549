using System.Text.Json.Nodes;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Identity.SignIn;

public sealed class RefreshTests : OneProviderTest
{
    private SessionRefresh Refresh => Door.Services.GetRequiredService<SessionRefresh>();

    private Task<string> PageAsync => Browser.ReadAsync(Door.Url(DoorLab.App));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await PageAsync;
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_token_is_about_to_end()
    {
        Assert.Equal(0, await Refresh.RunAsync(default));
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await Refresh.RunAsync(default));
        Assert.Equal("refresh_token", Provider.LastTokenRequest["grant_type"]);
        Assert.Equal(0, await Refresh.RunAsync(default));
    }

    [Fact]
    [Trait("advisory", "7")]
    [Trait("advisory", "165")]
    [Trait("advisory", "211")]
    public async Task Changed_claims_count_without_a_new_sign_in()
    {
        Provider.UserInfo = info => info["groups"] = new JsonArray("staff");
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.Equal(["staff"], (await PersonAsync()).Facts.Groups!.Select(g => g.Id));
    }

    [Fact]
    [Trait("advisory", "205")]
    public async Task A_refusal_ends_the_session_everywhere()
    {
        await Browser.ReadAsync(Door.Url(DoorLab.Other));
        Answer(400, """{"error":"invalid_grant"}""");
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        foreach (var host in (string[])[DoorLab.App, DoorLab.Other, DoorLab.Own])
            Assert.NotNull((await Browser.GetAsync(Door.Url(host))).Headers.Location);
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
            Door.Time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, await Refresh.RunAsync(default));
        }

        Assert.Contains("lab/ada", await Browser.ReadAsync(Door.Url(DoorLab.App)), StringComparison.Ordinal);
        Assert.Equal(1, Provider.Hits["/authorize"]);

        Provider.Instead.Clear();
        Door.Time.Advance(TimeSpan.FromMinutes(15));
        await Refresh.RunAsync(default);
        Assert.Equal(0, await Refresh.RunAsync(default));
    }

    [Fact]
    public async Task The_session_ends_at_its_own_end_all_the_same()
    {
        Answer(500, "");
        Door.Time.Advance(TimeSpan.FromHours(14));
        Assert.Equal(0, await Refresh.RunAsync(default));
        Assert.NotNull((await Browser.GetAsync(Door.Url(DoorLab.App))).Headers.Location);
    }

    [Fact]
    public async Task New_tokens_are_kept_even_where_what_follows_fails()
    {
        Provider.TokenAnswer = answer => answer["refresh_token"] = "refresh-2";
        Provider.Instead["/userinfo"] = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.Equal("refresh-2", Provider.LastTokenRequest["refresh_token"]);
    }

    [Fact]
    public async Task Another_persons_answer_is_not_taken_over()
    {
        Provider.Token = token => token.Claims["sub"] = "eve";
        Provider.UserInfo = info => info["sub"] = "eve";
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.Contains("lab/ada", await PageAsync, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_and_how_somebody_signed_in_outlives_the_refresh()
    {
        var before = await SessionAsync();
        Provider.Token = token => token.Claims.Remove("auth_time");
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        await Refresh.RunAsync(default);
        Assert.NotNull(before.Facts.AuthTime);
        Assert.Equal(before.Facts.AuthTime, (await SessionAsync()).Facts.AuthTime);
    }

    [Fact]
    public async Task Two_nodes_do_not_ask_for_one_session()
    {
        Door.Time.Advance(TimeSpan.FromMinutes(5));
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refresh.RunAsync(default)));
        Assert.Equal(1, counts.Sum());
    }

    private void Answer(int status, string body) => Provider.Instead["/token"] = async context =>
    {
        context.Response.StatusCode = status;
        await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body);
    };

    private async Task<Server.Identity.Person> PersonAsync() => (await CallerAsync()).Person!;

    private async Task<Server.Identity.Session> SessionAsync() => (await CallerAsync()).Session!;

    private async Task<Server.Identity.Caller> CallerAsync()
    {
        await Door.Keys.Feed.LookAsync();
        var table = Door.Services.GetRequiredService<Server.Identity.Sessions.SessionTable>();
        return await table.FindAsync(Browser.Cookies[(DoorLab.App, "__Host-doorward")], DoorLab.App, default);
    }
}
