using System.Runtime.CompilerServices;
using Doorward.Policy.Documents;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Parsing;

/// <summary>What is told of each mistake, word by word: <c>problems.txt</c> beside this file has a mistake a paragraph.</summary>
public class ProblemWordsTests
{
    [Fact]
    public void Every_problem_reads_as_it_was_reviewed() => Golden.Check(Beside(), mistake => Read(mistake).Select(problem => problem.ToString()));

    private static List<Problem> Read(string mistake)
    {
        var problems = new List<Problem>();
        if (mistake.StartsWith("events: ", StringComparison.Ordinal))
        {
            NodeReader.Read(mistake["events: ".Length..].Split(' ').Select(Event), "policy.json", problems);
            return problems;
        }

        var guardrail = mistake.StartsWith("guardrail: ", StringComparison.Ordinal);
        var policy = guardrail ? mistake["guardrail: ".Length..] : mistake.StartsWith('[') || mistake.StartsWith("{'allow'", StringComparison.Ordinal) || mistake.StartsWith("{'deny'", StringComparison.Ordinal) ? mistake : "{'allow': {'and': [" + mistake + "]}}";
        var node = Json.Read(Long(policy), out problems);
        _ = guardrail ? ParsedPolicy.ParseGuardrail("own", node, Policies.Zones, problems) : ParsedPolicy.Parse("own", node, Policies.Zones, problems);
        return problems;
    }

    /// <summary><c>x*5000</c> stands for that many.</summary>
    private static string Long(string policy) =>
        new[] { 1000, 1001, 4096, 5000 }.Aggregate(policy, (text, count) => text.Replace($"x*{count}", new string('x', count), StringComparison.Ordinal));

    private static DocumentEvent Event(string word, int index) => word switch
    {
        "{" => new(DocumentEventKind.MappingStart, default, "", 1, index + 1),
        "}" => new(DocumentEventKind.MappingEnd, default, "", 1, index + 1),
        "[" => new(DocumentEventKind.SequenceStart, default, "", 1, index + 1),
        "]" => new(DocumentEventKind.SequenceEnd, default, "", 1, index + 1),
        "null" => new(DocumentEventKind.Scalar, ScalarKind.Null, "", 1, index + 1),
        "BEL" => new(DocumentEventKind.Scalar, ScalarKind.Text, "\u0007", 1, index + 1),
        "RLO" => new(DocumentEventKind.Scalar, ScalarKind.Text, "a\u202Eb", 1, index + 1),
        "PDI" => new(DocumentEventKind.Scalar, ScalarKind.Text, "\u2069", 1, index + 1),
        "LONG" => new(DocumentEventKind.Scalar, ScalarKind.Text, new string('x', DocumentLimits.TextLength + 1), 1, index + 1),
        _ => new(DocumentEventKind.Scalar, ScalarKind.Text, word, 1, index + 1),
    };

    private static string Beside([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "problems.txt");
}
