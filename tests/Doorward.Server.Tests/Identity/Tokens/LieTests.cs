using System.Net;
using System.Text.RegularExpressions;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.Tokens;

/// <summary>One door for all lies: starting one takes longer than lying to it.</summary>
public sealed class LieDoor : IAsyncLifetime
{
    internal DoorLab Door { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Door = await DoorLab.StartAsync(await KeyLab.StartAsync());

    public async ValueTask DisposeAsync() => await Door.DisposeAsync();
}

public sealed partial class LieTests(LieDoor fixture) : IClassFixture<LieDoor>
{
    public static TheoryData<string> Lies => [.. Lie.All.Select(lie => lie.Id)];

    private DoorLab Door => fixture.Door;

    [Fact]
    public async Task An_honest_provider_is_believed()
    {
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        Assert.Equal("believed", await SignInAsync(provider));
    }

    [Theory]
    [MemberData(nameof(Lies))]
    [Trait("advisory", "52")]
    [Trait("advisory", "82")]
    [Trait("advisory", "102")]
    [Trait("advisory", "126")]
    [Trait("advisory", "148")]
    [Trait("advisory", "201")]
    [Trait("advisory", "217")]
    [Trait("advisory", "220")]
    [Trait("advisory", "221")]
    public async Task A_lie_is_met(string id)
    {
        var lie = Lie.All.Single(l => l.Id == id);
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        lie.Tell(provider);
        Assert.Equal(lie.MetBy, await SignInAsync(provider));
    }

    // Through the door, as a browser: what counts is that nobody is signed in; why, only the log says.
    private async Task<string> SignInAsync(LyingProvider provider)
    {
        Door.Log.Clear();
        using var providers = new ProviderSet([provider.Settings], allowLocalHttp: true, Outbound.Connect, Door.Time);
        Door.Providers = providers;
        using var browser = Door.Browser();
        var (answer, _) = await browser.FollowAsync(Door.Url(DoorLab.App));
        var page = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.OK)
            return page.StartsWith("lab/ada ", StringComparison.Ordinal) ? "believed" : $"believed as {page}";

        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Key.Name == "__Host-doorward");
        Assert.StartsWith("trouble ", page, StringComparison.Ordinal);
        var fault = FaultPattern().Match(string.Join('\n', Door.Log));
        if (!fault.Success) return "no flow of this browser";
        return fault.Groups["fault"].Value == nameof(ProviderFault.TokenRefused)
            ? fault.Groups["refusal"].Value
            : $"{fault.Groups["step"].Value}: {fault.Groups["fault"].Value}";
    }

    [GeneratedRegex(@"ProviderFaultException: (?<step>\w+): (?<fault>\w+): (?<refusal>\w*)")]
    private static partial Regex FaultPattern();
}
