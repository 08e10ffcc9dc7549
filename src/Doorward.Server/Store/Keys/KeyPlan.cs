namespace Doorward.Server.Store.Keys;

/// <summary>When a key of a purpose counts from.</summary>
internal readonly record struct KeyTerm(long Number, DateTimeOffset Starts);

/// <summary>
/// What the keys of one purpose need now. Which key signs follows from the terms and the time alone, so that nodes need not agree on
/// the moment: the last one whose term has started. Before that a key is *next*, after its successor has started it is *retired*.
/// </summary>
/// <param name="Add">A key to make; null for none.</param>
/// <param name="Remove">The numbers of keys whose last token has died.</param>
internal sealed record KeyPlan(KeyTerm? Add, IReadOnlyList<long> Remove)
{
    public bool IsNothing => Add is null && Remove.Count == 0;

    /// <param name="purpose">The purpose.</param>
    /// <param name="terms">The terms of its keys, in order.</param>
    /// <param name="now">The time.</param>
    public static KeyPlan For(KeyPurpose purpose, IReadOnlyList<KeyTerm> terms, DateTimeOffset now)
    {
        if (terms.Count == 0)
            return new(new KeyTerm(1, now), []);
        var newest = terms[^1];
        var dueToAdd = newest.Starts <= now && now >= newest.Starts + purpose.Rotation - purpose.Lead;
        // After a long stop the old key signs on until the new one has been known for long enough.
        var starts = newest.Starts + purpose.Rotation > now + purpose.Lead ? newest.Starts + purpose.Rotation : now + purpose.Lead;
        var dead = terms.Zip(terms.Skip(1)).Where(pair => pair.Second.Starts + purpose.Keep < now).Select(pair => pair.First.Number);
        return new(dueToAdd ? new KeyTerm(newest.Number + 1, starts) : null, [.. dead]);
    }
}
