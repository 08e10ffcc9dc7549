using System.Text.Encodings.Web;
using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Commands;

/// <summary>How commands write what they found.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // For terminals and programs, not for pages: characters stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteJson(TextWriter output, object value) => output.WriteLine(JsonSerializer.Serialize(value, _json));

    public static object Of(Problem problem) => new
    {
        problem.Id,
        Severity = problem.Severity == Severity.Error ? "error" : "warning",
        problem.Message,
        problem.Cure,
        problem.Place.Source,
        problem.Place.Line,
        problem.Place.Column,
    };

    public static string Summary(IReadOnlyCollection<Problem> problems)
    {
        var errors = problems.Count(problem => problem.Severity == Severity.Error);
        return $"{Wording.Count(errors, "error")}, {Wording.Count(problems.Count - errors, "warning")}";
    }

    public static int ExitCodeOf(IEnumerable<Problem> problems) =>
        problems.Any(problem => problem.Severity == Severity.Error) ? ExitCodes.Problems : ExitCodes.Done;
}
