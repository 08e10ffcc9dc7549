namespace Doorward.Server.Audit;

/// <summary>What the store knows of a folder's chain, asked before the trail in that folder is taken up.</summary>
/// <param name="Answered">Whether the store could be asked.</param>
/// <param name="Point">Where the chain stands there; null where it knows none of this name.</param>
internal sealed record StoredChain(bool Answered, ChainPoint? Point);
