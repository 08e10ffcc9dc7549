namespace Doorward.Server.Audit.Archive;

/// <summary>What is asked of the records in the store. Null: whatever it is.</summary>
internal sealed record RecordQuery
{
    public string? Person { get; init; }

    public string? Route { get; init; }

    /// <summary>An outcome, or the word by which Doorward itself refused.</summary>
    public string? Outcome { get; init; }

    /// <summary>One reason code.</summary>
    public string? Reason { get; init; }

    public string? Kind { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>The newest so many. Default 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>What a block's filter must have.</summary>
    public ulong[] Words()
    {
        var words = new List<ulong>();
        foreach (var (column, value) in new[] { ('p', Person), ('r', Route), ('u', Outcome), ('c', Reason), ('k', Kind), ('q', RequestId) })
            if (value is not null) words.Add(BlockFilter.Word(column, value));
        return [.. words];
    }

    /// <summary>Whether a record is what is asked for.</summary>
    /// <param name="archived">The record.</param>
    /// <param name="at">Its instant, in Unix milliseconds.</param>
    public bool Matches(in ArchivedRecord archived, out long at)
    {
        at = 0;
        // First what rules out most, and is read fastest.
        if (Person is not null && archived.Person != Person) return false;
        var columns = RecordColumns.Of(archived.Record);
        at = columns.At;
        return (RequestId is null || columns.Request == RequestId)
            && (Route is null || columns.Route == Route)
            && (Kind is null || columns.Kind == Kind)
            && (Outcome is null || columns.Outcome == Outcome)
            && (Reason is null || columns.Reasons?.Contains($" {Reason} ", StringComparison.Ordinal) == true)
            && !(at < From?.ToUnixTimeMilliseconds()) && !(at >= To?.ToUnixTimeMilliseconds());
    }
}
