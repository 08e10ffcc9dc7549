using System.Net;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Routes;

namespace Doorward.Server.Tests.Audit;

/// <summary>A folder with an audit trail, and what one can do to it.</summary>
internal sealed class TrailFolder : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    public TrailFolder(string? path = null) => Path = path ?? Directory.CreateTempSubdirectory("doorward-audit-").FullName;

    public string Path { get; }

    public AuditOptions Options => new() { Folder = Path, SegmentBytes = 64 * 1024, SpaceBytes = 16 * 1024 * 1024 };

    public AuditTrail Open(Func<AuditOptions, AuditOptions>? change = null) => AuditTrail.Open((change ?? (options => options))(Options), TimeProvider.System);

    public static DecisionRecord Decision(string id, string? person = "corp/u1") => new()
    {
        RequestId = id, At = Now, Route = "app", Method = "GET", Host = "app.example.com", Path = "/", Address = IPAddress.Loopback, Configuration = 1,
        Policy = EffectivePolicy.DenyAll, Decision = new() { Outcome = person is null ? Outcome.SignIn : Outcome.Allow },
        Facts = person is null ? new() { Now = Now } : new() { Now = Now, Session = new() { Id = "s1" }, Person = new() { Id = person, Email = "ada@example.com" } },
    };

    /// <summary>A policy, as it stands in a route.</summary>
    public static EffectivePolicy Policy(string yaml)
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.Parse("test", DocumentText.Read(yaml, "test.yaml", problems)!, TimeZoneInfo.FindSystemTimeZoneById, problems);
        Assert.Empty(problems);
        return EffectivePolicy.Compile([parsed!], []);
    }

    public static EndRecord End(string id) => new()
    {
        RequestId = id, At = Now, Status = 200, BytesReceived = 0, BytesSent = 10, Duration = TimeSpan.FromMilliseconds(1), EndedBy = EndedBy.Upstream,
    };

    /// <summary>The folder as it lies there at this instant, as if the process had been killed.</summary>
    public TrailFolder Snapshot()
    {
        var copy = new TrailFolder();
        // The newest first: whatever it says of those before it is there once they are copied too.
        foreach (var (_, file) in SegmentFiles.In(Path).Reverse()) File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public IReadOnlyList<ChainedRecord> Records() => Records(out _);

    public IReadOnlyList<ChainedRecord> Records(out IReadOnlyList<string> holes)
    {
        var reader = new SegmentReader(Path);
        reader.GoToStart();
        var records = new List<ChainedRecord>();
        while (reader.Read(null) is { Count: > 0 } batch) records.AddRange(batch.Select(Kept));
        holes = reader.Holes;
        return records;
    }

    /// <summary>The reader writes over what it gave.</summary>
    private static ChainedRecord Kept(ChainedRecord record) => record with
    {
        Body = record.Body.ToArray(),
        Who = record.Who with { Text = record.Who.Text.ToArray(), Salt = record.Who.Salt.ToArray() },
        Other = record.Other with { Text = record.Other.Text.ToArray(), Salt = record.Other.Salt.ToArray() },
    };

    public IReadOnlyList<string> RequestIds(string kind = "decision") => [.. Records().Select(Body).Where(body => KindOf(body) == kind).Select(body => body.GetProperty("request").GetString()!)];

    public static JsonElement Body(ChainedRecord record) => JsonSerializer.Deserialize<JsonElement>(record.Body.Span);

    public static string KindOf(JsonElement body) => body.GetProperty("kind").GetString()!;

    /// <summary>Every record follows on the one before, from the first.</summary>
    public void AssertChained()
    {
        var records = Records();
        var head = ChainHead.Start(records[0].Node);
        foreach (var record in records)
        {
            Assert.True(record.Follows(head), $"record {record.Sequence} does not follow on {head.Sequence}");
            head = new(record.Sequence, record.Chain);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
