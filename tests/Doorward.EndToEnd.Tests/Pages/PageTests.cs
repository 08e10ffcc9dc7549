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
