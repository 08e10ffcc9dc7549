using System.CommandLine;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands.Auditing;

/// <summary><c>doorward explain ID</c>: from the id on the page to the answer, then and now.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The id that the page, the answer or the log shows." };
        var command = new Command("explain", "Tell why a request was answered as it was, and how it would be now.") { id };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<ExplanationBody>(HttpMethod.Get, $"{ExplanationsApi.Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", null, cancellation),
            explanation => explanation,
            (explanation, streams) => Tell(explanation, streams.Output));
        return command;
    }

    private static void Tell(ExplanationBody told, TextWriter output)
    {
        output.WriteLine($"{told.Asked} at {told.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, request {told.Request}");
        output.WriteLine($"route: {told.Route ?? "none"}");
        output.WriteLine($"who: {told.Email ?? told.Person ?? "a stranger"}{(told.Email is null ? "" : $" ({told.Person})")} from {told.Address}");
        output.WriteLine($"then: {told.Outcome} ({string.Join(", ", told.Reasons)})");
        foreach (var rule in told.Rules) output.WriteLine($"      decided by {rule}");
        if (told.OutcomeNow is { } now) output.WriteLine($"now:  {now}");
        if (told.End is { } end) output.WriteLine($"end:  {end}");
        output.WriteLine($"policy: {told.Policy[..12]}{(told.SamePolicy ? ", still in force" : "")}");
        foreach (var line in told.PolicyLines) output.WriteLine($"  {line}");
        if (told.PolicyNow is { } other) output.WriteLine($"policy now: {other[..12]}");
        foreach (var line in told.PolicyLinesNow) output.WriteLine($"  {line}");
        var where = "";
        foreach (var criterion in told.Criteria)
        {
            if (criterion.Where != where) output.WriteLine(criterion.Where);
            where = criterion.Where;
            output.WriteLine($"  {criterion.Key}: it asks that {criterion.Asked}");
            output.WriteLine($"    then: {criterion.Then ?? "not known"}");
            output.WriteLine($"    now:  {criterion.Now ?? "not known"}");
            output.WriteLine($"    from: {criterion.Source}");
        }
        foreach (var line in told.Change) output.WriteLine(line);
        if (told.ChangeNow.Count > 0 && !told.ChangeNow.SequenceEqual(told.Change)) output.WriteLine("Now:");
        if (!told.ChangeNow.SequenceEqual(told.Change)) foreach (var line in told.ChangeNow) output.WriteLine(line);
        foreach (var note in told.Notes) output.WriteLine($"note: {note}");
    }
}
