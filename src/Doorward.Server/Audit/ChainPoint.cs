using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit;

/// <summary>Where a chain stood behind one of its records.</summary>
internal sealed record ChainPoint(string Node, long Sequence, Hash Chain);
