using Doorward.Server.Identity.Providers;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>The base of tests with one provider, one door and one browser.</summary>
public abstract class OneProviderTest : IAsyncLifetime
{
    private protected LyingProvider Provider { get; private set; } = null!;

    private protected DoorLab Door { get; private set; } = null!;

    private protected LabBrowser Browser { get; private set; } = null!;

    /// <summary>The provider, as the door is told of it.</summary>
    private protected virtual ProviderSettings Settings => Provider.Settings;

    public virtual async ValueTask InitializeAsync()
    {
        var keys = await KeyLab.StartAsync();
        Provider = await LyingProvider.StartAsync(keys.Time);
        Door = await DoorLab.StartAsync(keys, Settings);
        Browser = Door.Browser();
    }

    public virtual async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Door.DisposeAsync();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
