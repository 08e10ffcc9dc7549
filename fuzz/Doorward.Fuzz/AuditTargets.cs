using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Audit.Verification;

namespace Doorward.Fuzz;

/// <summary>What lies on a disk that failed, or in a file that somebody hands in as an extract.</summary>
internal static class AuditTargets
{
    /// <summary>One for all inputs: making folders and files would take most of the time.</summary>
    private static readonly string _folder = NewFolder();

    /// <summary>A segment's bytes behind its first page, with the page before them where there are so many.</summary>
    public static void Segment(byte[] input)
    {
        SegmentHeader.Read(input);
        if (input.Length >= SegmentFormat.MarkBytes) Mark.Read(input);
        var scanner = new EntryScanner(input, 0);
        var last = 0;
        while (scanner.Next())
        {
            var entry = scanner.Entry;
            if (scanner.Position < last || scanner.End <= scanner.Position) throw new InvalidOperationException("The scanner went back.");
            if (scanner.Skipped is { } hole && (hole.Position != last || hole.Length <= 0 || hole.Position + hole.Length > scanner.Position)) throw new InvalidOperationException("A hole lies elsewhere.");
            if (entry.Body.Length + entry.Who.Length + entry.Other.Length != entry.Text.Length) throw new InvalidOperationException("The parts are not the whole.");
            entry.After(new(0, default), entry.Committed, entry.Salts);
            last = scanner.End;
        }
        FromFile(input);
    }

    /// <summary>A line of an extract: it is none, or it says the same when it is written again.</summary>
    public static void Record(byte[] input)
    {
        if (RecordLines.Read(input) is not { } record) return;
        Look(record);
        record.Follows(new(record.Sequence - 1, default));
        if (RecordLines.Read(RecordLine.Of(record).AsMemory()[..^1]) is not { } again || !again.Body.Span.SequenceEqual(record.Body.Span) || again.Chain != record.Chain || again.Who.Commitment != record.Who.Commitment)
            throw new InvalidOperationException("Written and read again it is another.");
    }

    /// <summary>As whoever stores it or searches for it does.</summary>
    private static void Look(ChainedRecord record)
    {
        RecordedDecision.Of(record);
        RecordColumns.Of(record);
        RecordColumns.PersonOf(record.Who);
        RecordColumns.PersonOf(record.Other);
    }

    private static void FromFile(byte[] input)
    {
        File.WriteAllBytes(SegmentFiles.PathOf(_folder, 1), input);
        var reader = new SegmentReader(_folder);
        reader.GoToStart();
        while (reader.Read(null) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                Look(record);
                RecordLine.Of(record);
            }
        }
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("doorward-fuzz-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    }
}
