using System.Text.Json;
using System.Text.RegularExpressions;
using Doorward.Demo;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>
/// What the demo is for: somebody has a WebSocket and an event stream open, one click on the practice provider's page changes what is
/// true of them, and both streams end at once and say why.
/// </summary>
[Collection(nameof(DemoRun))] // one demo at a time: they want the same ports
public class SentencesTests(Chromium chromium)
{
    [Fact]
    public Task A_person_changes_role() => EndsAsync(
        "role", new(), "ada", "Ada Lind", DemoHosts.Clock, "Move to finance", "You are not, or no longer, in a group that this is open to.", "scim/practice: ", "«engineering»");

    [Fact]
    public Task A_contractors_engagement_ends() => EndsAsync(
        "engagement", new(Width: 360), "cleo", "Cleo Marsh", DemoHosts.App, "End in 5 seconds", "Your access has ended. Ask whoever manages your account.", "time: ", "end date has come", "Your access has ended");

    [Fact]
    public Task A_device_falls_out_of_compliance() => EndsAsync(
        "device", new(Dark: true), "ada", "Ada Lind", DemoHosts.Clock, "Mark device not compliant", "Your device is not in order, or not any more.", "signal practice: device-compliance-change: ", "device complies");

    [Fact]
    public async Task Sessions_that_are_ended_at_the_provider_end_here()
    {
        using var temporary = new TemporaryState();
        await using var run = await StartAsync(temporary.State);
        await using var person = await chromium.NewPersonAsync();
        var page = await OpenAsync(person, run, DemoHosts.App, "Ada Lind");
        await using var operating = await chromium.NewPersonAsync();
        await ClickAsync(await operating.NewPageAsync(), run, "ada", "End their sessions");
        await ExpectEndedAsync(page, "Your session has ended. Sign in again.", "4401");
    }

    private async Task EndsAsync(string name, Look look, string userName, string fullName, string host, string button, string reason, string cause, string missing, string title = "You cannot open this")
    {
        using var temporary = new TemporaryState();
        await using var run = await StartAsync(temporary.State);
        await using var person = await chromium.NewPersonAsync(look);
        var page = await OpenAsync(person, run, host, fullName);
        await Chromium.ScreenshotAsync(page, $"sentence-{name}-before-{look}");

        await using var operating = await chromium.NewPersonAsync(look);
        var people = await operating.NewPageAsync();
        await ClickAsync(people, run, userName, button);
        await Assertions.Expect(people.Locator(".told li").First.Locator(".good")).ToHaveTextAsync(new Regex("20[0-9]"));
        await Chromium.ScreenshotAsync(people, $"sentence-{name}-people-{look}");

        await ExpectEndedAsync(page, reason, "4403");
        await Chromium.ScreenshotAsync(page, $"sentence-{name}-ended-{look}");
        await PageChecks.FitsAsync(page);
        await PageChecks.CanBeReadAsync(page);
        await Eventually.Holds(() => EndsIn(temporary.State).Count(end => end.StartsWith(cause, StringComparison.Ordinal)) == 2);

        await page.GetByRole(AriaRole.Link, new() { Name = "Open this page again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(missing);
        await Chromium.ScreenshotAsync(page, $"sentence-{name}-refused-{look}");
    }

    private static async Task<IPage> OpenAsync(IBrowserContext person, DemoRun run, string host, string name)
    {
        var page = await person.NewPageAsync();
        await page.GotoAsync(new Uri(run.Plan.App(host), "/clock").ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = $"Sign in as {name}" }).ClickAsync();
        await Assertions.Expect(page.Locator("#socket .time")).ToContainTextAsync("UTC", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#events .time")).ToContainTextAsync("UTC", new() { Timeout = 30_000 });
        return page;
    }

    private static async Task ClickAsync(IPage page, DemoRun run, string userName, string button)
    {
        await page.GotoAsync(new Uri(run.Plan.Idp, "/people").ToString());
        await page.Locator("#" + userName).GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
    }

    private static async Task ExpectEndedAsync(IPage page, string reason, string code)
    {
        await Assertions.Expect(page.Locator("#socket .state")).ToHaveTextAsync($"{reason} ({code})", new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("#events .state")).ToContainTextAsync(reason, new() { Timeout = 30_000 });
    }

    /// <summary>Why Doorward ended what it ended, as the audit trail says it.</summary>
    private static List<string> EndsIn(StateFolder state)
    {
        var reader = new SegmentReader(state.At("audit"));
        reader.GoToStart();
        var causes = new List<string>();
        while (reader.Read(null) is { Count: > 0 } batch)
        {
            foreach (var record in batch)
            {
                var body = JsonSerializer.Deserialize<JsonElement>(record.Body.Span);
                if (body.GetProperty("kind").GetString() == "end" && body.TryGetProperty("cause", out var cause) && cause.ValueKind == JsonValueKind.String) causes.Add(cause.GetString()!);
            }
        }
        return causes;
    }

    private static async Task<DemoRun> StartAsync(StateFolder state)
    {
        var (run, problems) = await DemoRun.StartAsync(state, new(), TimeProvider.System, TextWriter.Null, CancellationToken.None);
        Assert.Empty(problems);
        return run!;
    }
}
