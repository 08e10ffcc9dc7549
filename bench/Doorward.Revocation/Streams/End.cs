using System.Diagnostics;

namespace Doorward.Revocation.Streams;

/// <summary>The end of a stream, as its client saw it.</summary>
/// <param name="At">By the stopwatch.</param>
/// <param name="Told">The reason in the stream's own protocol.</param>
/// <param name="IsRight">Whether that is how a stream of this protocol is told that access has ended.</param>
internal readonly record struct End(long At, string Told, bool IsRight)
{
    public static End Now(string told, bool isRight) => new(Stopwatch.GetTimestamp(), told, isRight);
}
