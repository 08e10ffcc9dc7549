namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>Tests that run several servers and their databases at once, or one under load: one after the other, for two cores bear one such crowd.</summary>
[CollectionDefinition(nameof(Crowd))]
public sealed class Crowd;
