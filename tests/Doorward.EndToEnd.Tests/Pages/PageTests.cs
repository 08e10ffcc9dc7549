using Doorward.EndToEnd.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Pages;

public class PageTests(Chromium chromium, GalleryServer server) : IClassFixture<GalleryServer>
{
    public static TheoryData<string> Names => [.. Gallery.Pages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_page_fits_a_phone_is_legible_in_light_and_dark_and_is_walked_by_keyboard(string name)
    {
        foreach (var look in new Look[] { new(), new(Dark: true), new(Width: 360), new(Dark: true, Width: 360) })
        {
            await using var person = await chromium.NewPersonAsync(look with { Scripts = false });
            var page = await person.NewPageAsync();
            List<string> complaints = [];
            page.Console += (_, message) => complaints.AddRange(message.Text.Contains("Failed to load resource", StringComparison.Ordinal) ? [] : [message.Text]);

            await page.GotoAsync(new Uri(server.Url, name).ToString());
            await Chromium.ScreenshotAsync(page, $"{name}-{look}");

            await PageChecks.HasOneHeadingAndALanguageAsync(page);
            await PageChecks.FitsAsync(page);
            await PageChecks.CanBeReadAsync(page);
            await PageChecks.CanBeWalkedByKeyboardAsync(page, look.Width == 1100 && !look.Dark ? $"{name}-focus" : null);
            Assert.Empty(complaints);
        }
    }

    [Fact]
    public async Task A_refusal_names_what_was_missing_what_was_met_and_what_is_not_known()
    {
        await using var person = await chromium.NewPersonAsync(new(Scripts: false));
        var page = await person.NewPageAsync();
        await page.GotoAsync(new Uri(server.Url, "denied").ToString());
        Assert.Contains("«finance»", await page.Locator(".missing").InnerTextAsync());
        Assert.Contains("example.com", await page.Locator(".met").InnerTextAsync());
        Assert.Equal(1, await page.Locator(".unknown").CountAsync());

        await page.GotoAsync(new Uri(server.Url, "denied-by-many-rules").ToString());
        Assert.Contains("must not be that you are in the group «contractors»", await page.Locator(".missing").First.InnerTextAsync());
        // What there is something to do about stands above it as well, though the deny rule alone decided.
        Assert.Equal(1, await page.Locator(".missing", new() { HasText = "«finance»" }).CountAsync());
    }

    [Theory]
    [InlineData("ended", "Your access has ended", "your account is not active, or its end date has come", "Ask whoever manages your account.")]
    [InlineData("ended-unexplained", "Your access has ended", "your account is not active, or its end date has come", "Ask whoever manages your account.")]
    [InlineData("locked", "Access is locked", "Until it is lifted", "Ask an administrator to lift the lock; signing in again will not help.")]
    public async Task The_reason_stands_above_and_below_only_what_to_do(string name, string title, string reason, string advice)
    {
        await using var person = await chromium.NewPersonAsync(new(Scripts: false));
        var page = await person.NewPageAsync();
        await page.GotoAsync(new Uri(server.Url, name).ToString());
        Assert.Equal(title, await page.Locator("h1").InnerTextAsync());
        Assert.Contains(reason, await page.Locator(".lead").InnerTextAsync());
        Assert.Equal(advice, await page.Locator(".advice").InnerTextAsync());
    }

    [Fact]
    public async Task A_practice_server_says_so_on_every_page()
    {
        await using var person = await chromium.NewPersonAsync(new(Width: 360));
        var page = await person.NewPageAsync();
        foreach (var name in Gallery.Pages.Keys)
        {
            await page.GotoAsync(new Uri(server.Url, name + "?practice").ToString());
            Assert.True(await page.GetByText("nothing here is encrypted").IsVisibleAsync(), name);
        }
        await Chromium.ScreenshotAsync(page, "practice");
    }
}
