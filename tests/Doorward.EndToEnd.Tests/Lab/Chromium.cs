using Doorward.Server.Tests.Lab;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Doorward.EndToEnd.Tests.Lab.Chromium))]

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>
/// The real browser, started once for all tests of this project; a test takes it as a constructor's argument. The system's own
/// Chromium is driven; nothing is downloaded.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where screenshots go; outside the repository unless TEST_SCREENSHOTS says otherwise.</summary>
    public static string Screenshots { get; } =
        Environment.GetEnvironmentVariable("TEST_SCREENSHOTS") ?? Path.Combine(Path.GetTempPath(), "doorward-screenshots");

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable(),
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP *.localhost 127.0.0.1",
            ],
        });
    }

    /// <summary>A person's browser: nothing in it is shared with another.</summary>
    internal async Task<IBrowserContext> NewPersonAsync(Look? look = null)
    {
        look ??= new();
        var person = await _browser!.NewContextAsync(new()
        {
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = look.Width, Height = look.Width < 500 ? 740 : 860 },
            JavaScriptEnabled = look.Scripts,
            IgnoreHTTPSErrors = look.IgnoreCertificates,
            ReducedMotion = ReducedMotion.Reduce,
        });
        person.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        return person;
    }

    internal static Task ScreenshotAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, name + ".png"), FullPage = true });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string Executable()
    {
        string?[] candidates = [Environment.GetEnvironmentVariable("TEST_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium found. Install it (apt-get install chromium), or name it in TEST_CHROMIUM.");
    }
}

/// <summary>How a person looks at a page.</summary>
internal sealed record Look(bool Dark = false, int Width = 1100, bool Scripts = true, bool IgnoreCertificates = true)
{
    public override string ToString() => $"{(Dark ? "dark" : "light")}-{Width}";
}
