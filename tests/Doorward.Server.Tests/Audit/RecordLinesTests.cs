using CsCheck;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Verification;

namespace Doorward.Server.Tests.Audit;

public sealed class RecordLinesTests
{
    [Fact]
    public async Task A_file_of_lines_verifies_also_if_a_batch_is_in_it_twice()
    {
        using var folder = await FilledAsync(50);
        var file = Path.Combine(folder.Path, "audit.jsonl");
        var lines = folder.Records().Select(RecordLine.Of).ToList();
        WriteLines(file, [.. lines[..30], .. lines[10..]]);
        var report = Verify(file, out var unreadable);
        Assert.Empty(unreadable);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        Assert.Equal(51, Assert.Single(report.Chains).Records);
    }

    [Fact]
    public async Task Any_flipped_byte_of_a_line_is_found()
    {
        using var folder = await FilledAsync(5);
        var file = Path.Combine(folder.Path, "audit.jsonl");
        var lines = folder.Records().Select(RecordLine.Of).ToList();
        for (var i = 0; i < lines[2].Length - 1; i++)
        {
            var changed = (byte[])lines[2].Clone();
            changed[i] ^= 1;
            WriteLines(file, [lines[0], lines[1], changed, lines[3], lines[4]]);
            var report = Verify(file, out var unreadable);
            Assert.False(report.IsSound && unreadable.Count == 0, $"byte {i} of {System.Text.Encoding.UTF8.GetString(lines[2])}");
        }
    }

    [Fact]
    public void Any_bytes_are_read_without_a_fault() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        _ = RecordLines.Read(bytes);
        _ = Checkpoint.Read(System.Text.Encoding.Latin1.GetString(bytes), null, out _);
    });

    private static async Task<TrailFolder> FilledAsync(int records)
    {
        var folder = new TrailFolder();
        await using var trail = folder.Open();
        for (var i = 0; i < records; i++) await trail.Append(TrailFolder.Decision($"r{i}") with { Impersonator = "corp/admin" });
        return folder;
    }

    private static void WriteLines(string file, IReadOnlyList<byte[]> lines)
    {
        using var stream = File.Create(file);
        foreach (var line in lines) stream.Write(line);
    }

    private static VerifyReport Verify(string file, out List<long> unreadable)
    {
        var verifier = new ChainVerifier([]);
        unreadable = [];
        foreach (var page in RecordLines.ReadFile(file, unreadable)) verifier.Add(page);
        return verifier.Finish(whole: false);
    }
}
