using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>What every page must do for everybody: fit a phone, be read, be walked by keyboard.</summary>
internal static class PageChecks
{
    /// <summary>WCAG 2.2, 1.4.3: 4.5 to 1 for text.</summary>
    private const double LeastContrast = 4.5;

    public static async Task FitsAsync(IPage page) =>
        Assert.Equal("fits", await page.EvaluateAsync<string>(
            """
            () => {
              const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
              return wide.length ? wide.map(e => e.outerHTML.slice(0, 80)).join('\n') : 'fits';
            }
            """));

    public static async Task HasOneHeadingAndALanguageAsync(IPage page)
    {
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        Assert.Equal(1, await page.Locator("main").CountAsync());
        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));
        Assert.NotEmpty(await page.TitleAsync());
    }

    public static async Task CanBeReadAsync(IPage page)
    {
        var faint = await page.EvaluateAsync<string[]>(
            """
            least => {
              const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return { rgb: m.slice(0, 3), a: m.length > 3 ? m[3] : 1 }; };
              const light = rgb => rgb.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
              const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0) return c.rgb; } return [255, 255, 255]; };
              return [...document.querySelectorAll('body *')]
                .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.getClientRects().length && !e.disabled)
                .map(e => {
                  const [a, b] = [light(parse(getComputedStyle(e).color).rgb), light(behind(e))].sort((x, y) => y - x);
                  return { ratio: (a + .05) / (b + .05), text: e.textContent.trim().slice(0, 60) };
                })
                .filter(r => r.ratio < least).map(r => `${r.ratio.toFixed(2)}: ${r.text}`);
            }
            """, LeastContrast);
        Assert.Empty(faint);
    }

    /// <summary>Walks the page by Tab: every link, button and field is reached, and shows that it is.</summary>
    public static async Task CanBeWalkedByKeyboardAsync(IPage page, string? screenshot = null)
    {
        var count = await page.Locator("a[href]:visible, button:visible:enabled, input:visible:enabled").CountAsync();
        for (var i = 0; i < count; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var seen = await page.EvaluateAsync<string>(
                """
                () => {
                  const e = document.activeElement, shows = (e, p) => parseFloat(getComputedStyle(e, p).outlineWidth) >= 2 && getComputedStyle(e, p).outlineStyle !== 'none';
                  return e === document.body ? 'nothing' : shows(e) || shows(e, '::after') ? 'seen' : 'unseen: ' + e.outerHTML.slice(0, 100);
                }
                """);
            // Radio buttons of one name are one stop, so the walk may end early; it must not be invisible.
            if (seen == "nothing") break;
            Assert.Equal("seen", seen);
            if (i == 0 && screenshot is not null) await Chromium.ScreenshotAsync(page, screenshot);
        }
    }
}
