using Doorward.Demo;
using Doorward.EndToEnd.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>The demo as people try it, with a real browser.</summary>
[Collection(nameof(DemoRun))] // one demo at a time: they want the same ports
public class DemoTests(Chromium chromium)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_people_sign_in_and_are_let_in_and_refused_as_the_policies_say(bool http)
    {
        using var temporary = new TemporaryState();
        await using var run = await StartAsync(temporary.State, http);

        await using var ada = await chromium.NewPersonAsync();
        var page = await ada.NewPageAsync();
        await page.GotoAsync(run.Plan.App(DemoHosts.Hello).ToString());
        await ExpectHeadingAsync(page, "Hello, stranger");
        await SignInAsync(page, run.Plan.App(DemoHosts.App), "Ada Lind");
        await ExpectHeadingAsync(page, "Hello, Ada Lind");
        await Chromium.ScreenshotAsync(page, $"demo-app-{run.Plan.Scheme}");
        await page.GotoAsync(run.Plan.App(DemoHosts.Finance).ToString());
        await ExpectHeadingAsync(page, "You cannot open this");
        await Assertions.Expect(page.Locator(".missing")).ToContainTextAsync("«finance»");
        await Chromium.ScreenshotAsync(page, $"demo-refused-{run.Plan.Scheme}");
        await Assertions.Expect(page.GetByText("nothing here is encrypted")).ToHaveCountAsync(http ? 1 : 0);
        await page.GotoAsync(new Uri(run.Plan.App(DemoHosts.Clock), "/clock").ToString());
        await Assertions.Expect(page.Locator("#socket .time")).ToContainTextAsync("UTC");
        await Assertions.Expect(page.Locator("#events .time")).ToContainTextAsync("UTC");
        await page.GotoAsync(run.Plan.Door.ToString());
        await ExpectHeadingAsync(page, "Your apps");
        await Chromium.ScreenshotAsync(page, $"demo-portal-{run.Plan.Scheme}");

        await using var ben = await chromium.NewPersonAsync();
        var other = await ben.NewPageAsync();
        await SignInAsync(other, run.Plan.App(DemoHosts.Finance), "Ben Okoye");
        await ExpectHeadingAsync(other, "Hello, Ben Okoye");
        await other.GotoAsync(new Uri(run.Plan.App(DemoHosts.Clock), "/clock").ToString());
        await ExpectHeadingAsync(other, "You cannot open this");
    }

    [Fact]
    public async Task Whoever_signs_out_is_a_stranger_again_at_every_app()
    {
        using var temporary = new TemporaryState();
        await using var run = await StartAsync(temporary.State, http: false);
        await using var ada = await chromium.NewPersonAsync();
        var page = await ada.NewPageAsync();
        await SignInAsync(page, run.Plan.App(DemoHosts.App), "Ada Lind");
        await ExpectHeadingAsync(page, "Hello, Ada Lind");

        await page.GotoAsync(new Uri(run.Plan.Door, Server.Identity.SignIn.Paths.SignOut).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await ExpectHeadingAsync(page, "You are signed out");

        await page.GotoAsync(run.Plan.App(DemoHosts.App).ToString());
        await ExpectHeadingAsync(page, "Sign in");
    }

    private static async Task<DemoRun> StartAsync(StateFolder state, bool http)
    {
        var (run, problems) = await DemoRun.StartAsync(state, new(http), TimeProvider.System, TextWriter.Null, CancellationToken.None);
        Assert.Empty(problems);
        return run!;
    }

    private static async Task SignInAsync(IPage page, Uri to, string person)
    {
        await page.GotoAsync(to.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = $"Sign in as {person}" }).ClickAsync();
    }

    private static Task ExpectHeadingAsync(IPage page, string text) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(text);
}
