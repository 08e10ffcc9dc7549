namespace Doorward.Server.Audit.Checkpoints;

/// <summary>A file of checkpoints, a line each.</summary>
internal static class CheckpointFile
{
    /// <summary>Reads the checkpoints whose signature is good.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="keys">The ids of the keys that are believed; null for any.</param>
    /// <returns>The checkpoints, the lines that are none, and the ids of the keys that signed.</returns>
    public static (IReadOnlyList<Checkpoint> Checkpoints, IReadOnlyList<int> Bad, IReadOnlySet<string> Keys) Read(IEnumerable<string> lines, IReadOnlySet<string>? keys)
    {
        var (checkpoints, bad, signers, number) = (new List<Checkpoint>(), new List<int>(), new HashSet<string>(), 0);
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Checkpoint.Read(line, keys, out var key) is { } checkpoint)
            {
                checkpoints.Add(checkpoint);
                signers.Add(key!);
            }
            else bad.Add(number);
        }
        return (checkpoints, bad, signers);
    }
}
