using Doorward.Policy;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Real keys in a real store.</summary>
internal sealed class KeyLab : IAsyncDisposable
{
    private readonly SqliteLab _lab = new();
    private KeyRotation _rotation = null!;

    public ManualTime Time => _lab.Time;

    public Database Database { get; private set; } = null!;

    public ChangeFeed Feed { get; private set; } = null!;

    public SigningKeys Signing { get; private set; } = null!;

    public Secrets Secrets { get; private set; } = null!;

    public static async Task<KeyLab> StartAsync()
    {
        var lab = new KeyLab();
        var database = lab.Database = await lab._lab.OpenAsync();
        RootKey.CreateFile(lab._lab.Options.RootKeyFile);
        var root = RootKey.Load(lab._lab.Options.RootKeyFile, lab._lab.Options.Place, new List<Problem>())!;
        lab._rotation = new KeyRotation(database, root, lab.Time);
        Assert.Null(await lab._rotation.StartAsync(lab._lab.Options.Place, default));
        lab.Feed = new ChangeFeed(database, new Freshness(lab.Time, TimeSpan.FromSeconds(10)), new Generation(), lab.Time, NullLogger<ChangeFeed>.Instance);
        var ring = new KeyRing(database, root, lab.Time);
        lab.Feed.Subscribe(ring);
        await lab.Feed.LookAsync();
        (lab.Signing, lab.Secrets) = (new SigningKeys(ring), new Secrets(ring));
        return lab;
    }

    /// <summary>What a node does every few minutes.</summary>
    public async Task RotateAsync()
    {
        await _rotation.RunAsync(default);
        await Feed.LookAsync();
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}
