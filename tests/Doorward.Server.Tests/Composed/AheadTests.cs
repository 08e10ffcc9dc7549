namespace Doorward.Server.Tests.Composed;

public sealed class AheadTests
{
    /// <summary>Nobody waits for it, so that nobody would notice but by a start that takes longer.</summary>
    [Fact]
    public Task All_that_a_start_brings_in_beside_the_configuration_can_be_had() => Ahead.AllAsync();
}
