namespace Doorward.Server.Audit;

/// <summary>How far somebody is: everything of this chain up to this sequence, and of the chains that this folder held before it.</summary>
internal sealed record ChainPosition(string Node, long Sequence);
