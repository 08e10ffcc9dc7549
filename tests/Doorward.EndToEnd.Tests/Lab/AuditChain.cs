using System.Text;
using System.Text.Json;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Verification;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>What a node said that it did: the lines of its standard output, over all its lives.</summary>
internal static class AuditChain
{
    /// <summary>
    /// Every record from the first one on, each of which follows on the one before. A node that could not ask the store at its start, because
    /// the machine was too busy, has begun another chain, which is as whole.
    /// </summary>
    public static void AssertWhole(IEnumerable<string> lines)
    {
        var verifier = new ChainVerifier([]);
        verifier.Add(Read(lines));
        var report = verifier.Finish(whole: true);
        Assert.Empty(report.Findings);
        Assert.NotEmpty(report.Chains);
    }

    /// <summary>How many requests went on.</summary>
    public static int LetThrough(IEnumerable<string> lines) => Read(lines).DistinctBy(record => (record.Node, record.Sequence)).Count(LetsThrough);

    /// <summary>The requests that went on, and as whose.</summary>
    public static IEnumerable<Reached> Allowed(IEnumerable<string> lines)
    {
        foreach (var record in Read(lines).DistinctBy(record => (record.Node, record.Sequence)).Where(LetsThrough))
        {
            var who = JsonSerializer.Deserialize<JsonElement>(record.Who.Text.Span);
            yield return new(JsonSerializer.Deserialize<JsonElement>(record.Body.Span).GetProperty("path").GetString()!, Text(who, "person"), Text(who, "session"));
        }
    }

    private static string? Text(JsonElement part, string name) => part.TryGetProperty(name, out var value) ? value.GetString() : null;

    // The line in the middle of which it was killed is no record; after the restart it is written again.
    private static List<ChainedRecord> Read(IEnumerable<string> lines) => [.. lines.Select(line => RecordLines.Read(Encoding.UTF8.GetBytes(line))).OfType<ChainedRecord>()];

    private static bool LetsThrough(ChainedRecord record)
    {
        var body = JsonSerializer.Deserialize<JsonElement>(record.Body.Span);
        return body.GetProperty("kind").GetString() == "decision" && body.GetProperty("outcome").GetString() == "allow";
    }
}
