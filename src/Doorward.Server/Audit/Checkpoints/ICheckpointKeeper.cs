namespace Doorward.Server.Audit.Checkpoints;

/// <summary>A place outside, that whoever holds the store cannot change.</summary>
internal interface ICheckpointKeeper
{
    /// <summary>For health and messages; without credentials.</summary>
    string Name { get; }

    /// <summary>Keeps a line for good. Throws where it cannot; it is then called again with the next checkpoint, which says more.</summary>
    Task KeepAsync(Checkpoint checkpoint, string line, CancellationToken cancellation);
}
