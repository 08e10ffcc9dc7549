namespace Doorward.Server.Identity.Signals;

/// <summary>What came of a message.</summary>
/// <param name="Told">In a few words, for the record.</param>
internal sealed record SignalEffect(string Told)
{
    /// <summary>Somebody or something that we know was meant.</summary>
    public bool Matched { get; init; } = true;

    public IReadOnlyList<string> Persons { get; init; } = [];

    public IReadOnlyList<string> Sessions { get; init; } = [];

    public string? Device { get; init; }

    public static SignalEffect Unmatched { get; } = new("unmatched") { Matched = false };
}
