using Doorward.Demo;
using Doorward.EndToEnd.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>A person looks after their own sessions: by keyboard, and without scripts.</summary>
[Collection(nameof(DemoRun))] // one demo at a time: they want the same ports
public class SessionsPageTests(Chromium chromium)
{
    [Fact]
    public async Task Who_ends_a_session_by_keyboard_and_without_scripts_is_signed_out_in_that_browser()
    {
        using var temporary = new TemporaryState();
        var (run, problems) = await DemoRun.StartAsync(temporary.State, new(Http: false), TimeProvider.System, TextWriter.Null, CancellationToken.None);
        Assert.Empty(problems);
        await using var running = run!;
        var own = new Uri(running.Plan.Door, "/sessions").AbsoluteUri;
        using var client = new NodeClient(running.Plan.DoorPort, running.Authority!.AuthorityFile);
        await using var elsewhere = await chromium.NewPersonAsync();
        await SignInAsync(elsewhere, own);
        var cookie = (await elsewhere.CookiesAsync()).Where(one => one.Domain == DemoHosts.Door && one.Name == "__Host-doorward").Select(one => $"{one.Name}={one.Value}").Single();
        Assert.Equal(200, (await client.AskAsync(new Uri(own), cookie)).Status);
        await using var here = await chromium.NewPersonAsync(new(Scripts: false));
        var page = await SignInAsync(here, own);
        await using var phone = await chromium.NewPersonAsync(new(Dark: true, Width: 360, Scripts: false));
        var small = await SignInAsync(phone, own);

        await Chromium.ScreenshotAsync(small, "demo-sessions-phone");
        await PageChecks.FitsAsync(small);
        await PageChecks.CanBeReadAsync(small);
        await page.ReloadAsync();
        await Chromium.ScreenshotAsync(page, "demo-sessions");
        var lines = page.Locator("ul.sessions > li");
        await Assertions.Expect(lines).ToHaveCountAsync(3);
        // The newest first: the phone, this browser, the other one.
        await Assertions.Expect(lines.Nth(1)).ToContainTextAsync("this browser");
        await Assertions.Expect(lines.Nth(2)).ToContainTextAsync("Chrome on Linux");
        var last = lines.Nth(2).GetByRole(AriaRole.Button);
        for (var i = 0; i < 20 && !await last.EvaluateAsync<bool>("e => e === document.activeElement"); i++) await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("That session has ended.");
        await Assertions.Expect(lines).ToHaveCountAsync(2);

        Assert.Equal(302, (await client.AskAsync(new Uri(own), cookie)).Status);
        await lines.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await ExpectHeadingAsync(page, "You are signed out");
    }

    private static Task ExpectHeadingAsync(IPage page, string text) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(text);

    /// <summary>A stranger who opens their sessions signs in, and comes back to them.</summary>
    private static async Task<IPage> SignInAsync(IBrowserContext person, string own)
    {
        var page = await person.NewPageAsync();
        await page.GotoAsync(own);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in as Ada Lind" }).ClickAsync();
        await ExpectHeadingAsync(page, "Your sessions");
        return page;
    }
}
