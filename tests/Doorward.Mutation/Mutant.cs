using Microsoft.CodeAnalysis;

namespace Doorward.Mutation;

/// <summary>One small change of the source.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="File">The file, below the project's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Kind">The kind of change.</param>
/// <param name="Old">What is written.</param>
/// <param name="New">What stands there instead.</param>
internal sealed record Mutant(int Id, string File, int Line, string Kind, string Old, string New)
{
    /// <summary>The number of the body it is in; 0 for one outside of bodies, which is at work before the first test can say so.</summary>
    public int Body { get; init; }

    public override string ToString() => $"{File}:{Line} {Kind}: {OneLine(Old)} -> {OneLine(New)}";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is var line && line.Length > 120 ? line[..120] + "…" : line;
}

/// <summary>A change proposed for one node.</summary>
internal sealed record Change(SyntaxNode Node, string Kind, string New);
