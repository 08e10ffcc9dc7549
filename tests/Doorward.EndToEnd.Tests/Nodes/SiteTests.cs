using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>As a team runs it: in front of a real site, with others' identity provider, on PostgreSQL, as two processes.</summary>
[Collection(nameof(Crowd))]
public sealed class SiteTests(Chromium chromium) : IAsyncLifetime
{
    private const int Enough = 200;

    private Site _site = null!;

    public async ValueTask InitializeAsync() => _site = await Site.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_node_that_is_killed_loses_no_session_and_nobody_gets_a_wrong_answer()
    {
        var (first, second) = (await _site.StartAsync("first"), await _site.StartAsync("second"));
        _site.Balance(first, second);
        await using var ada = await chromium.NewPersonAsync();
        await using var ben = await chromium.NewPersonAsync();
        await using var cleo = await chromium.NewPersonAsync();
        var hers = await _site.SignInAsync(ada, "Ada Lovelace", Site.Handbook);
        await ExpectAsync(hers, Site.Handbook, "The handbook");
        await ExpectAsync(hers, Site.Runbooks, "The runbooks");
        await Chromium.ScreenshotAsync(hers, "site-let-in");
        var his = await _site.SignInAsync(ben, "Ben Okoye", Site.Handbook);
        await ExpectAsync(his, Site.Handbook, "The handbook");
        await ExpectRefusedAsync(his);
        // Somebody who is at the provider while it happens.
        var theirs = await cleo.NewPageAsync();
        await theirs.GotoAsync(_site.App(Site.Runbooks).AbsoluteUri);
        await ExpectHeadingAsync(theirs, "Who are you?");

        var requests = await RequestsAsync(ada, ben);
        using var anywhere = _site.Client();
        using var survivor = _site.Client(second);
        await Task.WhenAll(RightAsync(first, requests), RightAsync(second, requests));
        await using var asking = new Traffic(anywhere, requests, mayBreak: true);
        await using var askingSurvivor = new Traffic(survivor, requests, mayBreak: false);
        await MoreAsync(asking, askingSurvivor);
        await first.KillAsync();

        await MoreAsync(asking, askingSurvivor);
        await ExpectAsync(hers, Site.Runbooks, "The runbooks");
        await ExpectRefusedAsync(his);
        await theirs.GetByRole(AriaRole.Button, new() { Name = "Cleo Marsh" }).ClickAsync();
        await ExpectHeadingAsync(theirs, "You cannot open this");
        var again = await _site.StartAsync("first");
        await RightAsync(again, requests);
        _site.Balance(again, second);
        await MoreAsync(asking, askingSurvivor);
        using var restarted = _site.Client(again);
        await using var askingRestarted = new Traffic(restarted, requests, mayBreak: false);
        await MoreAsync(askingRestarted);
        await ExpectAsync(hers, Site.Handbook, "The handbook");

        await Task.WhenAll(asking.StopAsync(), askingSurvivor.StopAsync(), askingRestarted.StopAsync());
        Assert.Empty(asking.Wrong.Concat(askingSurvivor.Wrong).Concat(askingRestarted.Wrong));
        // What reached the site had its record before, on whichever node, and came with a proof of who asked.
        var seen = _site.Nginx.Requests.ToList();
        Assert.DoesNotContain(seen, request => request[^1] == "-");
        Assert.True(seen.Count > Enough);
        var told = 0;
        await Eventually.Holds(() =>
        {
            var (before, first, second) = (told, AuditChain.LetThrough(_site.RecordsOf("first")), AuditChain.LetThrough(_site.RecordsOf("second")));
            told = first + second;
            if (told != before) TestContext.Current.TestOutputHelper?.WriteLine($"{seen.Count} requests reached the site; the first node let {first} through, the second {second}.");
            return told >= seen.Count;
        });
        Assert.All(["first", "second"], node => AuditChain.AssertWhole(_site.RecordsOf(node)));
    }

    private async Task<Request[]> RequestsAsync(IBrowserContext ada, IBrowserContext ben) =>
    [
        new(_site.App(Site.Handbook), await Site.CookieAsync(ada, Site.Handbook), 200, "The handbook"),
        new(_site.App(Site.Runbooks), await Site.CookieAsync(ada, Site.Runbooks), 200, "The runbooks"),
        new(_site.App(Site.Handbook), await Site.CookieAsync(ben, Site.Handbook), 200, "The handbook"),
        new(_site.App(Site.Runbooks), await Site.CookieAsync(ben, Site.Runbooks), 403, "The runbooks"),
        new(_site.App(Site.Runbooks), await Site.CookieAsync(ada, Site.Handbook), 401, "The runbooks"),
        new(_site.App(Site.Handbook), null, 401, "The handbook"),
    ];

    /// <summary>A node that has just started knows nothing yet, and says so; then it gives every right answer.</summary>
    private async Task RightAsync(ServeProcess node, Request[] requests)
    {
        using var client = _site.Client(node);
        foreach (var request in requests)
            await Eventually.Holds(async () => request.IsRight(await client.AskAsync(request.Url, request.Cookie)));
    }

    private static async Task MoreAsync(params Traffic[] asking)
    {
        foreach (var one in asking)
        {
            var before = one.Answers;
            await Eventually.Holds(() => one.Answers > before + Enough);
        }
    }

    private async Task ExpectRefusedAsync(IPage page)
    {
        await ExpectAsync(page, Site.Runbooks, "You cannot open this");
        await Assertions.Expect(page.Locator(".missing")).ToContainTextAsync("«sre»");
        await Chromium.ScreenshotAsync(page, "site-refused");
    }

    private async Task ExpectAsync(IPage page, string host, string heading)
    {
        // A browser whose connection broke is asked to load again, as its person would.
        await Eventually.Holds(async () =>
        {
            try
            {
                await page.GotoAsync(_site.App(host).AbsoluteUri);
                return true;
            }
            catch (PlaywrightException broken) when (broken.Message.Contains("net::", StringComparison.Ordinal))
            {
                return false;
            }
        });
        await ExpectHeadingAsync(page, heading);
    }

    private static Task ExpectHeadingAsync(IPage page, string text) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(text);
}
