using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Doorward.Demo;
using Doorward.Demo.Sample;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Demo;

public class SampleUpstreamTests(Chromium chromium)
{
    [Fact]
    public async Task It_believes_a_good_assertion_and_says_whose_it_is()
    {
        await using var issuer = await AssertionIssuer.StartAsync();
        await using var sample = await StartAsync(issuer);

        var visitor = await VisitorAsync(sample, issuer.Sign());

        Assert.True(visitor.GetProperty("verdict").GetString() == "verified", visitor.ToString());
        Assert.Equal("ada@example.com", visitor.GetProperty("claims").GetProperty("email").GetString());
        Assert.Equal("nobody", (await VisitorAsync(sample, null)).GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("aud", "another.example.com")]
    [InlineData("iss", "https://another.example.com")]
    [InlineData("exp", 1_000_000_000L)]
    [InlineData("nbf", 32_000_000_000L)]
    public async Task It_does_not_believe_an_assertion_that_is_not_for_it_or_not_for_now(string claim, object value)
    {
        await using var issuer = await AssertionIssuer.StartAsync();
        await using var sample = await StartAsync(issuer);

        Assert.Equal("not believed", (await VisitorAsync(sample, issuer.Sign((claim, value)))).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task It_does_not_believe_another_key_a_changed_byte_or_no_signature()
    {
        await using var issuer = await AssertionIssuer.StartAsync();
        await using var other = await AssertionIssuer.StartAsync();
        await using var sample = await StartAsync(issuer);
        var good = issuer.Sign().Split('.');
        var unsigned = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode("""{"alg":"none"}""");

        foreach (var token in new[] { other.Sign(("iss", issuer.Issuer)), $"{good[0]}.{good[1]}A.{good[2]}", $"{unsigned}.{good[1]}.", "nonsense" })
            Assert.Equal("not believed", (await VisitorAsync(sample, token)).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task It_finds_the_next_key_by_itself()
    {
        await using var issuer = await AssertionIssuer.StartAsync();
        var time = new Clock(DateTimeOffset.UtcNow);
        await using var sample = await StartAsync(issuer, time);
        Assert.Equal("verified", (await VisitorAsync(sample, issuer.Sign())).GetProperty("verdict").GetString());

        issuer.Rotate();
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("verified", (await VisitorAsync(sample, issuer.Sign())).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Its_pages_fit_a_phone_are_legible_and_its_clocks_run()
    {
        await using var issuer = await AssertionIssuer.StartAsync();
        await using var sample = await StartAsync(issuer);
        foreach (var look in new Look[] { new(), new(Dark: true), new(Width: 360) })
        {
            await using var person = await chromium.NewPersonAsync(look);
            await person.SetExtraHTTPHeadersAsync([new(AssertionCheck.Header, issuer.Sign())]);
            var page = await person.NewPageAsync();
            List<string> complaints = [];
            page.Console += (_, message) => complaints.AddRange(message.Text.Contains("favicon", StringComparison.Ordinal) || message.Type != "error" ? [] : [message.Text]);

            await page.GotoAsync(sample.Url.ToString());
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Hello, Ada Lind");
            await Assertions.Expect(page.Locator("dt", new() { HasText = "groups" })).ToContainTextAsync("only those that this route's policy asks about");
            await CheckAsync(page, $"sample-{look}");

            await page.GotoAsync(new Uri(sample.Url, "/clock").ToString());
            await Assertions.Expect(page.Locator("#socket .time")).ToContainTextAsync("UTC");
            await Assertions.Expect(page.Locator("#events .time")).ToContainTextAsync("UTC");
            await CheckAsync(page, $"sample-clock-{look}");
            Assert.Empty(complaints);
        }
    }

    [Fact]
    public async Task Its_socket_sends_back_what_it_is_sent()
    {
        await using var issuer = await AssertionIssuer.StartAsync();
        await using var sample = await StartAsync(issuer);
        using var socket = new ClientWebSocket();
        using var deadline = new CancellationTokenSource(Eventually.Patience);
        await socket.ConnectAsync(new($"ws://{sample.Url.Authority}/clock/socket"), deadline.Token);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, deadline.Token);
        var buffer = new byte[100];
        string text;
        do text = Encoding.UTF8.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, deadline.Token)).Count);
        while (text.EndsWith("UTC", StringComparison.Ordinal));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, deadline.Token);

        Assert.Equal("hello", text);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    private static async Task CheckAsync(IPage page, string screenshot)
    {
        await Chromium.ScreenshotAsync(page, screenshot);
        Assert.True(await page.GetByText("nothing here is encrypted").IsVisibleAsync(), screenshot);
        await PageChecks.HasOneHeadingAndALanguageAsync(page);
        await PageChecks.FitsAsync(page);
        await PageChecks.CanBeReadAsync(page);
        await PageChecks.CanBeWalkedByKeyboardAsync(page);
    }

    private static Task<SampleUpstream> StartAsync(AssertionIssuer issuer, TimeProvider? time = null) =>
        SampleUpstream.StartAsync(0, new(new(issuer.Issuer), [AssertionIssuer.Audience], DoorClient.Create(null), time ?? TimeProvider.System), TimeProvider.System);

    private static async Task<JsonElement> VisitorAsync(SampleUpstream sample, string? assertion)
    {
        using var client = new HttpClient();
        if (assertion is not null) client.DefaultRequestHeaders.Add(AssertionCheck.Header, assertion);
        return (await client.GetFromJsonAsync<JsonElement>(new Uri(sample.Url, "/who"))).GetProperty("visitor");
    }
}
