using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Loading;

public sealed class StoreSettingsTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Whether_PostgreSQL_tells_the_nodes_of_changes_is_the_operators_choice(string? written, bool listens)
    {
        var environment = new Dictionary<string, string>();
        if (written is not null) environment["DOORWARD_STORE_LISTEN"] = written;
        var loaded = new ConfigurationLoader(Path.Combine(Golden.Folder, "sound-full.yaml"), environment).Load(new SourceFiles(), previous: null);

        Assert.True(loaded.IsSound, string.Join('\n', loaded.Problems));
        Assert.Equal(listens, DoorwardServer.StoreOptionsOf(loaded.Configuration!.Settings).Listen);
    }
}
