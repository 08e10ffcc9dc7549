using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Cases;

/// <summary>A document inside a block scalar (<c>policy: |</c>): its problems are told at their place in the file.</summary>
internal static class EmbeddedText
{
    /// <summary>Where a place inside the scalar's text is in the file; the scalar's own place where that cannot be told.</summary>
    public static Place PlaceOf(Place inner, ScalarNode scalar, string file)
    {
        var lines = file.Split('\n');
        var written = scalar.Text.Split('\n');
        // A literal block begins on the line after its bar (place.Line counts from 1, so it is that line's index).
        var index = scalar.Place.Line + inner.Line - 1;
        if (inner.Line < 1 || inner.Line > written.Length || index >= lines.Length) return scalar.Place;
        var line = lines[index].TrimEnd('\r');
        return line.EndsWith(written[inner.Line - 1], StringComparison.Ordinal)
            ? new(scalar.Place.Source, index + 1, inner.Column + line.Length - written[inner.Line - 1].Length)
            : scalar.Place;
    }
}
