using Doorward.DevIdp;
using Doorward.EndToEnd.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Pages;

public class DevIdpPageTests(Chromium chromium, GalleryServer client) : IClassFixture<GalleryServer>
{
    private const string Challenge = "3FNHNUQ0KLGbTAw5Up5_-_xaFPQf_c0AMK3EGE3_h-0";
    private static readonly Look[] Looks = [new(Scripts: false), new(Dark: true, Scripts: false), new(Width: 360, Scripts: false), new(Dark: true, Width: 360, Scripts: false)];

    [Fact]
    public async Task The_practice_providers_pages_fit_a_phone_are_legible_and_walked_by_keyboard()
    {
        await using var server = await StartAsync();
        foreach (var look in Looks)
        {
            await using var person = await chromium.NewPersonAsync(look);
            var page = await person.NewPageAsync();
            List<string> complaints = [];
            page.Console += (_, message) => complaints.Add(message.Text);
            foreach (var (name, url) in new[] { ("sign-in", Authorize(server, "&acr_values=mfa")), ("people", server.Url + "people"), ("signed-out", server.Url + "end-session") })
            {
                await page.GotoAsync(url);
                await Chromium.ScreenshotAsync(page, $"devidp-{name}-{look}");
                await PageChecks.HasOneHeadingAndALanguageAsync(page);
                await PageChecks.FitsAsync(page);
                await PageChecks.CanBeReadAsync(page);
                await PageChecks.CanBeWalkedByKeyboardAsync(page);
            }
            Assert.Empty(complaints);
        }
    }

    [Fact]
    public async Task A_person_signs_in_by_typing_and_by_one_button_without_scripts()
    {
        await using var server = await StartAsync();
        foreach (var byButton in new[] { false, true })
        {
            await using var person = await chromium.NewPersonAsync(new(Scripts: false));
            var page = await person.NewPageAsync();
            await page.GotoAsync(Authorize(server));
            if (byButton)
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Sign in as Ben Okoye" }).ClickAsync();
            }
            else
            {
                await page.GetByLabel("Name").FillAsync("ada");
                await page.GetByLabel("Password").FillAsync("ada-password");
                await page.Keyboard.PressAsync("Enter");
            }
            await page.WaitForURLAsync(Callback + "?**");
            Assert.Contains("code=", page.Url);
        }
    }

    [Fact]
    public async Task A_person_is_changed_and_the_page_shows_it()
    {
        await using var server = await StartAsync();
        await using var person = await chromium.NewPersonAsync(new(Scripts: false));
        var page = await person.NewPageAsync();
        await page.GotoAsync(server.Url + "people");

        var card = page.Locator("#ada");
        await card.GetByLabel("finance").CheckAsync();
        await card.GetByLabel("active").UncheckAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Ada Lind is changed.");
        await Assertions.Expect(page.Locator("#ada")).ToContainTextAsync("may not sign in");
        await Chromium.ScreenshotAsync(page, "devidp-people-changed");
        Assert.Contains("finance", server.Roster.Find("ada")!.Groups);
    }

    private Uri Callback => new(client.Url, "callback");

    private Task<DevIdpServer> StartAsync() => DevIdpServer.StartAsync(new()
    {
        StartedBy = "a test",
        Clients = [new("doorward", null, [Callback], [])],
    });

    private string Authorize(DevIdpServer server, string more = "") =>
        $"{server.Url}authorize?response_type=code&client_id=doorward&scope=openid&state=s&nonce=n&code_challenge_method=S256&code_challenge={Challenge}"
        + $"&redirect_uri={Uri.EscapeDataString(Callback.ToString())}{more}";
}
