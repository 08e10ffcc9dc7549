namespace Doorward.Server.Proxy.Streams;

/// <summary>
/// Follows a stream of bytes and knows where one frame, event or message ends and the next begins, so that a word of ours can be put
/// between two. Only looks: the bytes pass as they are.
/// </summary>
internal abstract class Framing
{
    /// <summary>Between two frames, or before the first.</summary>
    public abstract bool AtBoundary { get; }

    /// <summary>Follows these bytes.</summary>
    /// <param name="bytes">What passes next.</param>
    /// <param name="toBoundary">Stops at the first boundary that is reached.</param>
    /// <returns>How many were followed.</returns>
    public abstract int Follow(ReadOnlySpan<byte> bytes, bool toBoundary = false);
}
