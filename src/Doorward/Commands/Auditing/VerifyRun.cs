using Doorward.Policy;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Verification;

namespace Doorward.Commands.Auditing;

/// <summary>One verification, from records and checkpoints to what a person reads.</summary>
internal sealed class VerifyRun
{
    private readonly ChainVerifier _verifier;
    private readonly List<long> _unreadable = [];
    private readonly IReadOnlySet<string> _keys;
    private readonly List<string> _notes = [];

    private VerifyRun(ChainVerifier verifier, IReadOnlySet<string> keys) => (_verifier, _keys) = (verifier, keys);

    public static VerifyRun? Begin(IEnumerable<string> checkpointFiles, IReadOnlySet<string>? keys, ICollection<Problem> problems)
    {
        var lines = new List<string>();
        foreach (var file in checkpointFiles)
        {
            try
            {
                lines.AddRange(File.ReadLines(file));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                problems.Add(new("DW7201", Severity.Error, $"{file} cannot be read: {failure.Message.TrimEnd('.')}.", "Name a file of checkpoints.", new("command line", 0, 0)));
                return null;
            }
        }
        var (checkpoints, bad, signers) = CheckpointFile.Read(lines, keys);
        var run = new VerifyRun(new(checkpoints), signers);
        // A line without a good signature says nothing, but somebody wrote it.
        foreach (var line in bad) run._notes.Add($"Line {line} of the checkpoints is none, or was signed by a key that is not believed.");
        return run;
    }

    public void Add(Stream lines)
    {
        foreach (var page in RecordLines.Read(lines, _unreadable)) _verifier.Add(page);
    }

    public void Expect(string node, long counted) => _verifier.Expect(node, counted);

    /// <summary>Tells what was found; 0 where everything is as it was written, 1 where not.</summary>
    public int Tell(bool whole, bool json, TextWriter output)
    {
        var report = _verifier.Finish(whole);
        var findings = report.Findings.Select(finding => finding.ToString()).Concat(_unreadable.Take(10).Select(line => $"line {line} is no record")).ToList();
        if (json)
        {
            Output.WriteJson(output, new { Sound = findings.Count == 0, report.Chains, Findings = findings, Notes = report.Notes.Concat(_notes), Keys = _keys });
            return findings.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        }
        foreach (var chain in report.Chains)
            output.WriteLine($"{chain.Node}: records {chain.First} to {chain.Last}, {chain.Records} read{(chain.TakenOut > 0 ? $", {chain.TakenOut} without their person" : "")}");
        foreach (var note in report.Notes.Concat(_notes)) output.WriteLine($"note: {note}");
        foreach (var key in _keys) output.WriteLine($"checkpoints signed by the key {key}");
        foreach (var finding in findings) output.WriteLine($"WRONG: {finding}");
        output.WriteLine(findings.Count == 0 ? Wording.Count(report.Chains.Sum(chain => chain.Records), "record is as it was written", "records are as they were written") : $"{Wording.Count(findings.Count, "thing is wrong", "things are wrong")}; the first: {findings[0]}");
        return findings.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
