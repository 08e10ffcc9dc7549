using System.Text.Json;
using Doorward.Policy;
using Doorward.Policy.Syntax;
using Doorward.Server.Access.Locks;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Route = Doorward.Server.Routes.Route;

namespace Doorward.Server.Console.Administration;

/// <summary>
/// From the id on the page to the answer. An administrator may ask about every request; the owner of a route, whom its
/// <c>owners</c> let through, about that route's only.
/// </summary>
internal sealed class ExplanationsApi(
    Database database, DeviceStore devices, RecordArchive archive, FormerPolicies former, CurrentConfiguration configuration, LockTable locks, ServiceAccountTable accounts, AuditTrail trail, TimeProvider time)
{
    /// <summary>Below the administration's path.</summary>
    public const string Path = "/explanations";

    /// <summary>From the answer to the record in the store: a group of the trail and a batch of the drain, with room for a busy machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>A record that is waited for is not older.</summary>
    private static readonly TimeSpan _onTheWay = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path + "/{request}", ExplainAsync);

    private async Task<Results<Ok<ExplanationBody>, ProblemHttpResult>> ExplainAsync(string request, HttpContext context, CancellationToken cancellation)
    {
        var records = await FindAsync(request, cancellation);
        var decision = records.Select(RecordedDecision.Of).OfType<RecordedDecision>().FirstOrDefault();
        var route = decision?.Route is { } name ? configuration.Value.RouteNamed(name) : null;
        // Whoever may not know is told the same as where there is nothing.
        if (decision is null || !MayKnow(context, route)) return TypedResults.Problem($"There is no record of a request «{request}» that you may see.", statusCode: StatusCodes.Status404NotFound);
        return TypedResults.Ok(await ToldAsync(decision, route, EndOf(records), cancellation));
    }

    private async Task<IReadOnlyList<ChainedRecord>> FindAsync(string request, CancellationToken cancellation)
    {
        await trail.FlushAsync();
        DateTimeOffset? from = null;
        for (var began = time.GetTimestamp(); ; await Task.Delay(_look, time, cancellation))
        {
            var found = await archive.FindAsync(new() { RequestId = request, From = from, Limit = 10 }, cancellation);
            // What is not there was either never there, or is on its way.
            from = time.GetUtcNow() - _onTheWay;
            if (found.Count > 0 || time.GetElapsedTime(began) > _patience) return found;
        }
    }

    private bool MayKnow(HttpContext context, Route? route)
    {
        if (context.Features.Get<RouteOwner>() is not { Caller: var caller }) return true;
        return route?.Owners is { } owners && owners.Decide(new Facts
        {
            Now = time.GetUtcNow(), Route = route.Name, Session = caller.Session?.Facts, Person = caller.Person?.Facts, Locks = locks.Current ?? LockSet.None,
        }).Outcome == Outcome.Allow;
    }

    private async Task<ExplanationBody> ToldAsync(RecordedDecision decision, Route? route, string? end, CancellationToken cancellation)
    {
        var same = route?.Policy.Digest == decision.Policy;
        var policy = same ? route!.Policy : await former.FindAsync(decision.Policy, cancellation);
        var then = decision.Facts is { } seen ? policy?.Explain(seen) : null;
        // The same device as then: what is known of it now.
        var device = decision.Facts?.Device is { } one ? await devices.GetAsync(one.Id, cancellation) : null;
        var facts = route is null || decision.Facts is null ? null : await NowAsync(decision, device, cancellation);
        var now = facts is null ? null : route!.Policy.Explain(facts);
        return new()
        {
            Request = decision.RequestId,
            At = decision.At,
            Route = decision.Route,
            Asked = $"{decision.Method} {decision.Host}{decision.Path}",
            Person = decision.Person,
            Email = decision.Email,
            ServiceAccount = decision.ServiceAccount,
            Address = decision.Address,
            Outcome = decision.Refusal ?? decision.Outcome,
            Reasons = decision.Reasons,
            Rules = decision.Rules,
            Policy = decision.Policy,
            SamePolicy = same,
            PolicyLines = policy is null ? [] : LinesOf(policy),
            PolicyNow = same ? null : route?.Policy.Digest,
            PolicyLinesNow = same || route is null ? [] : LinesOf(route.Policy),
            OutcomeNow = now is null ? null : Words.Of(now.Decision.Outcome),
            Criteria = CriteriaOf(then, now, decision, device),
            Change = [.. ChangeOf(decision, then)],
            ChangeNow = now is null ? [] : [.. ExplanationText.Change(now)],
            Notes = [.. NotesOf(decision, route, same, policy, facts)],
            End = end,
        };
    }

    /// <summary>The same request, by whoever sent it, as it would be judged now. What only the request told is as it was.</summary>
    private async Task<Facts?> NowAsync(RecordedDecision decision, Device? device, CancellationToken cancellation)
    {
        var (session, person) = decision.ServiceAccount is { } account
            ? accounts.FindAccount(account) is { Session: { } known, Person: { } machine } ? (known.Facts, machine.Facts) : default
            : decision is { Session: { } id, Person: { } who }
                ? await database.ReadAsync(async store => (
                    (await SessionRow.FindAsync(store, id))?.ToSession().Session.Facts,
                    (await PersonRow.FindAsync(store, who))?.ToPerson(await DirectoryRow.OfAsync(store, who)).Facts), cancellation)
                : default;
        var then = decision.Facts!;
        // Without the session, nothing is known of the person either, as for any stranger.
        if (session?.Expires <= time.GetUtcNow()) session = null;
        return new()
        {
            Now = time.GetUtcNow(), Route = then.Route, Session = session, Person = session is null ? null : person, Device = session is null ? null : device?.Facts, Request = then.Request, SourceIp = then.SourceIp,
            Certificate = then.Certificate, Kubernetes = then.Kubernetes, Risk = then.Risk, Records = then.Records, Mcp = then.Mcp, Ssh = then.Ssh, Locks = locks.Current ?? LockSet.None,
        };
    }

    private static List<CriterionBody> CriteriaOf(Explanation? then, Explanation? now, RecordedDecision decision, Device? device)
    {
        var before = Flat(then).ToLookup(one => one.Key, one => one.Criterion);
        var after = Flat(now).ToLookup(one => one.Key, one => one.Criterion);
        return [.. Flat(then).Concat(Flat(now)).DistinctBy(one => one.Key).Select(one => new CriterionBody(
            one.Key.Where, one.Criterion.Key, one.Criterion.Asked, Said(before[one.Key].FirstOrDefault()), Said(after[one.Key].FirstOrDefault()), FactSources.Of(one.Criterion.Key, decision, device)))];
    }

    private static string[] LinesOf(EffectivePolicy policy) =>
        [.. policy.Rules.Select(rule => $"{Where(rule.Origin, rule.Place, rule.Index)}: {CanonicalText.Print(new PolicySyntax([rule.Syntax], rule.Place))[1..^1]}")];

    /// <summary>A policy of then has no place: only what it said was kept.</summary>
    private static string Where(string origin, Place place, int index) => place.Source == FormerPolicies.Source ? $"{origin} of then, rule {index + 1}" : $"{origin} at {place}";

    /// <summary>What would have been enough. Where Doorward itself refused, no fact about the person would have been.</summary>
    private static IEnumerable<string> ChangeOf(RecordedDecision decision, Explanation? then) => decision.Refusal switch
    {
        null => then is null ? [] : ExplanationText.Change(then),
        "stale" => ["It would be enough if the store had been heard from in time: what was known was too old to let anybody in."],
        "unavailable" => ["It would be enough if the store had answered."],
        "wrong-route" => ["It would be enough if the service account's secret were for this route."],
        _ => [],
    };

    private static IEnumerable<((string Where, string Operator, string Name, string Asked) Key, ExplainedCriterion Criterion)> Flat(Explanation? explanation) =>
        from rule in explanation?.Rules ?? []
        from operation in rule.Operations
        from criterion in operation.Criteria
        select (($"{(rule.Denies ? "deny" : "allow")} rule of {Where($"«{rule.Origin}»", rule.Place, rule.Index)}", operation.Operator, criterion.Key, criterion.Asked), criterion);

    private static string? Said(ExplainedCriterion? criterion) => criterion is null ? null : $"{criterion.Truth.ToString().ToLowerInvariant()}. {criterion.Seen}";

    private static IEnumerable<string> NotesOf(RecordedDecision decision, Route? route, bool same, EffectivePolicy? policy, Facts? now)
    {
        if (decision.Refusal is { } refusal) yield return $"Doorward itself refused ({refusal}): what the policy said did not count.";
        if (decision.Route is null) yield return "No route matched the request.";
        else if (route is null) yield return $"The route «{decision.Route}» is no longer there.";
        else if (!same) yield return "The policy has changed since.";
        if (policy is null) yield return "The policy of then was not kept: only the rules that decided, and the reasons, are known of it.";
        if (decision.Facts is null) yield return "The facts of then were not kept, or were taken out.";
        if (now is not null && decision.Session is not null && now.Session is null) yield return "The session has ended since.";
        if (decision.Reasons.Contains(Reason.Locked.Code())) yield return "A lock was in force.";
    }

    private static string? EndOf(IReadOnlyList<ChainedRecord> records)
    {
        foreach (var record in records)
        {
            using var body = JsonDocument.Parse(record.Body);
            var root = body.RootElement;
            if (RecordedFacts.Text(root, "kind") != "end") continue;
            var cause = RecordedFacts.Text(root, "cause") is { } why ? $" ({why})" : "";
            return $"status {root.GetProperty("status").GetInt32()}, {root.GetProperty("received").GetInt64()} bytes received and {root.GetProperty("sent").GetInt64()} sent, "
                + $"{root.GetProperty("microseconds").GetInt64() / 1000.0:F1} ms, ended by {RecordedFacts.Text(root, "ended_by")}{cause}";
        }
        return null;
    }
}

/// <summary>Somebody who is no administrator, and may know about the routes that they own.</summary>
internal sealed record RouteOwner(Caller Caller);
