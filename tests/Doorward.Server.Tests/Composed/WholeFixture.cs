namespace Doorward.Server.Tests.Composed;

/// <summary>One server for the tests of a class, where none of them changes what the others see.</summary>
public sealed class WholeFixture : IAsyncLifetime
{
    internal Whole Whole { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Whole = await Whole.StartAsync();

    public ValueTask DisposeAsync() => Whole.DisposeAsync();
}
