namespace Doorward.Policy;

/// <summary>Where something is written. Lines and columns count from 1; 0 is «not known».</summary>
/// <param name="Source">The file's name, or another name that the writer would recognise.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public readonly record struct Place(string Source, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

/// <summary>How much a <see cref="Problem"/> matters.</summary>
public enum Severity
{
    /// <summary>What is written cannot be used.</summary>
    Error,

    /// <summary>It can be used, and probably does not mean what its writer thinks.</summary>
    Warning,
}

/// <summary>Something that someone wrote wrong: data, never an exception, so that all of them can be told at once.</summary>
/// <param name="Id">Stable, four digits after DW, such as <c>DW1003</c>; docs/problems.md lists them.</param>
/// <param name="Severity">Whether what is written can be used all the same.</param>
/// <param name="Message">What is wrong, in the user's words, naming the user's thing.</param>
/// <param name="Cure">What to write instead.</param>
/// <param name="Place">Where it is written.</param>
public sealed record Problem(string Id, Severity Severity, string Message, string Cure, Place Place)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {(Severity == Severity.Error ? "error" : "warning")} {Id}: {Message} {Cure}";
}
