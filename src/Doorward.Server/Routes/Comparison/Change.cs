namespace Doorward.Server.Routes.Comparison;

internal enum ChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One difference between what is in force and what is written.</summary>
/// <param name="Kind">What would happen to it.</param>
/// <param name="Noun">What it is.</param>
/// <param name="Name">Which one.</param>
/// <param name="Details">In which keys it differs, or whom it touches.</param>
internal sealed record Change(ChangeKind Kind, string Noun, string Name, IReadOnlyList<string> Details)
{
    public override string ToString() =>
        $"{Kind switch { ChangeKind.Added => '+', ChangeKind.Removed => '-', _ => '~' }} {Noun} {Name}{(Details.Count == 0 ? "" : $": {string.Join(", ", Details)}")}";
}
