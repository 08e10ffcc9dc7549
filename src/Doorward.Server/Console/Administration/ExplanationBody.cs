namespace Doorward.Server.Console.Administration;

/// <summary>Why a request was answered as it was, and how it would be now.</summary>
internal sealed record ExplanationBody
{
    public required string Request { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Route { get; init; }

    public string? Asked { get; init; }

    public string? Person { get; init; }

    public string? Email { get; init; }

    public string? ServiceAccount { get; init; }

    public string? Address { get; init; }

    /// <summary>The policy's answer then, or the word by which Doorward itself refused.</summary>
    public required string Outcome { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The rules that decided.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The policy's digest then.</summary>
    public required string Policy { get; init; }

    /// <summary>Whether the route has that policy still.</summary>
    public bool SamePolicy { get; init; }

    /// <summary>The effective policy of then, with the origin of each rule; none where it was not kept.</summary>
    public IReadOnlyList<string> PolicyLines { get; init; } = [];

    /// <summary>The digest of the policy that the route has now; null where it is that of then, or the route is gone.</summary>
    public string? PolicyNow { get; init; }

    /// <summary>That policy.</summary>
    public IReadOnlyList<string> PolicyLinesNow { get; init; } = [];

    /// <summary>The answer now; null where the person, session or route is gone.</summary>
    public string? OutcomeNow { get; init; }

    public IReadOnlyList<CriterionBody> Criteria { get; init; } = [];

    /// <summary>The smallest set of facts that would have let it through.</summary>
    public IReadOnlyList<string> Change { get; init; } = [];

    /// <summary>What it would take now; none where it is let through.</summary>
    public IReadOnlyList<string> ChangeNow { get; init; } = [];

    /// <summary>What a reader has to know besides.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public string? End { get; init; }
}

/// <summary>A criterion, then and now.</summary>
/// <param name="Where">The policy and line.</param>
/// <param name="Key">Its name.</param>
/// <param name="Asked">What it asks for.</param>
/// <param name="Then">What it said, and the fact that it saw; null where that is not known.</param>
/// <param name="Now">The same, with what is known now.</param>
/// <param name="Source">Where the fact came from, and when.</param>
internal sealed record CriterionBody(string Where, string Key, string Asked, string? Then, string? Now, string Source);
