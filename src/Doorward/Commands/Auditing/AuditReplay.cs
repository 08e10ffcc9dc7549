using System.Collections.Frozen;
using System.CommandLine;
using System.Globalization;
using Doorward.Cases;
using Doorward.Policy;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands.Auditing;

/// <summary><c>doorward audit replay --policy FILE --route R</c>: which recorded decisions another policy would have made otherwise.</summary>
internal static class AuditReplay
{
    public static Command Create()
    {
        var file = new Option<string>("--policy") { Description = "The policy that is tried, as `doorward policy check` reads it.", HelpName = "FILE", Required = true };
        var route = new Option<string>("--route") { Description = "The route whose decisions are taken again.", HelpName = "NAME", Required = true };
        var from = AuditCommand.Instant("--from", "Not before");
        var limit = new Option<int>("--limit") { Description = "The newest so many decisions.", DefaultValueFactory = _ => 10_000 };
        var json = Arguments.Json();
        var command = new Command("replay", "Tell which recorded decisions of a route another policy would have made otherwise.") { file, route, from, limit, json };
        var choice = ServerChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            var name = Uri.EscapeDataString(parsed.GetRequiredValue(route));
            using var server = choice.Open(parsed, problems);
            if (server is null || CaseFiles.Read(parsed.GetRequiredValue(file), problems) is not { Policy: { } policy })
                return await AuditCommand.TellAsync(problems, parsed.InvocationConfiguration.Error);
            var since = parsed.GetValue(from) is { } instant ? $"&from={Uri.EscapeDataString(instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}" : "";
            var path = $"{AuditApi.Path}/records?kind=decision&route={name}&limit={parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)}{since}";
            var decisions = new List<RecordedDecision>();
            if (!await server.StreamAsync(HttpMethod.Get, path, lines => Task.Run(() => decisions.AddRange(Decisions(lines)), cancellation), cancellation))
                return await AuditCommand.TellAsync(problems, parsed.InvocationConfiguration.Error);
            var replays = new Dictionary<string, Replay>();
            foreach (var digest in decisions.Select(decision => decision.Policy).Distinct()) replays[digest] = await ReplayAsync(server, policy, digest, cancellation);
            List<Result> results = [.. decisions.Select(decision => new Result(decision, replays[decision.Policy].Run(decision)))];
            Tell(results, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return results.Any(result => result.Differs) ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<RecordedDecision> Decisions(Stream lines) => RecordLines.Read(lines, []).SelectMany(page => page).Select(RecordedDecision.Of).OfType<RecordedDecision>();

    private static async Task<Replay> ReplayAsync(RunningServer server, EffectivePolicy policy, string digest, CancellationToken cancellation) =>
        await server.AskAsync<NamesBody>(HttpMethod.Get, $"{AuditApi.Path}/policies/{digest}", null, cancellation) is { } recorded
            ? new(policy, NamesOf(recorded), (FactKinds)recorded.Reads)
            : new(policy, null, FactKinds.None);

    private static void Tell(List<Result> results, bool json, TextWriter output)
    {
        var (different, untold) = (results.Where(result => result.Differs).ToList(), results.Where(result => result.Replayed.Outcome is null).ToList());
        if (json)
        {
            Output.WriteJson(output, new
            {
                Decisions = results.Count,
                Different = different.Select(result => new { result.Decision.RequestId, result.Decision.At, result.Decision.Person, result.Decision.Email, Then = result.Decision.Outcome, Now = result.Replayed.Outcome }),
                NotTold = untold.GroupBy(result => result.Replayed.Why).Select(group => new { Why = group.Key, Decisions = group.Count() }),
            });
            return;
        }
        foreach (var result in different)
            output.WriteLine($"{result.Decision.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {result.Decision.Email ?? result.Decision.Person ?? "a stranger"}: {result.Decision.Outcome} would be {result.Replayed.Outcome}  {result.Decision.Method} {result.Decision.Path}  {result.Decision.RequestId}");
        foreach (var group in untold.GroupBy(result => result.Replayed.Why)) output.WriteLine($"{group.Count()} cannot be told: {group.Key}");
        output.WriteLine($"{Wording.Count(results.Count, "decision")}, {different.Count} would differ, {untold.Count} cannot be told");
    }

    private static FactNames NamesOf(NamesBody body) => new()
    {
        All = body.All, WholeGroups = body.WholeGroups, Groups = body.Groups.ToFrozenSet(), Claims = body.Claims, PersonAttributes = body.PersonAttributes,
        DeviceAttributes = body.DeviceAttributes, Headers = body.Headers, QueryParameters = body.QueryParameters, Records = body.Records,
    };

    private sealed record Result(RecordedDecision Decision, Replayed Replayed)
    {
        public bool Differs => Replayed.Outcome is { } now && now != Decision.Outcome;
    }
}
