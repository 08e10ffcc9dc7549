using System.Net;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Policy.Syntax;
using Doorward.Server.Access;
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
/// <c>owners</c> let through, about that route's of the last seven days only.
/// </summary>
internal sealed class ExplanationsApi(
    Database database, DirectoryStore directory, DeviceStore devices, RecordArchive archive, FormerPolicies former, CurrentConfiguration configuration, Judge judge, LockTable locks, ServiceAccountTable accounts, AuditTrail trail, TimeProvider time)
{
    /// <summary>Below the administration's path.</summary>
    public const string Path = "/explanations";

    /// <summary>From the answer to the record in the store: a group of the trail and a batch of the drain, with room for a busy machine.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>A record that is waited for is not older.</summary>
    private static readonly TimeSpan _onTheWay = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How far back an owner's question reaches. Whose route it was is known only once it is found, so that anybody who is signed in may set
    /// this search going, for ids that nobody ever had.
    /// </summary>
    private static readonly TimeSpan _ownersReach = TimeSpan.FromDays(7);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path + "/{request}", ExplainAsync);

    private async Task<Results<Ok<ExplanationBody>, ProblemHttpResult>> ExplainAsync(string request, HttpContext context, CancellationToken cancellation)
    {
        var records = await FindAsync(request, context.Features.Get<RouteOwner>() is null ? null : time.GetUtcNow() - _ownersReach, cancellation);
        var decision = records.Select(RecordedDecision.Of).OfType<RecordedDecision>().FirstOrDefault();
        var route = decision?.Route is { } name ? configuration.Value.RouteNamed(name) : null;
        // Whoever may not know is told the same as where there is nothing.
        if (decision is null || !MayKnow(context, route)) return TypedResults.Problem($"There is no record of a request «{request}» that you may see.", statusCode: StatusCodes.Status404NotFound);
        return TypedResults.Ok(await ToldAsync(decision, route, EndOf(records), cancellation));
    }

    private async Task<IReadOnlyList<ChainedRecord>> FindAsync(string request, DateTimeOffset? from, CancellationToken cancellation)
    {
        await trail.FlushAsync();
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
        // The same device as then: what is known of it now. A lock on it counts whether or not the policy asks for one.
        var device = decision.Device is { } one ? await devices.GetAsync(one, cancellation) : null;
        var untold = route is null || same ? null : Replay.UntoldOfRequest(route.Policy, policy);
        Judgement? judged = route is null || decision.Facts is null || untold is not null || RecordedRefusal.LeavesWhoUnknown(decision) ? null : await JudgeAsync(decision, route, device, cancellation);
        var person = decision.Person is { } who ? await directory.FindAsync(who, cancellation) : null;
        var now = judged?.Facts is { } facts ? route!.Policy.Explain(facts) : null;
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
            OutcomeNow = judged is { } answer ? answer.OwnRefusal ?? Words.Of(answer.Decision.Outcome) : null,
            Criteria = CriteriaOf(then, now, decision, new(decision, device, person)),
            Change = [.. ChangeOf(decision.Refusal, then)],
            ChangeNow = [.. ChangeOf(judged?.OwnRefusal, now)],
            Notes = [.. NotesOf(decision, route, same, policy, judged, untold)],
            End = end,
        };
    }

    /// <summary>The same request, by whoever sent it, as it is judged now. What only the request told is as it was.</summary>
    private async Task<Judgement> JudgeAsync(RecordedDecision decision, Route route, Device? device, CancellationToken cancellation)
    {
        var caller = decision is { ServiceAccount: { } account } ? accounts.FindAccount(account)
            : decision is { Session: { } session, Person: { } person } ? await database.ReadAsync(store => CallerAsync(store, session, person), cancellation)
            : Caller.Stranger;
        var then = decision.Facts!;
        return judge.Decide(route, caller.Session is null ? caller : caller with { Device = device }, then.Request!, then.SourceIp ?? IPAddress.None, then.Certificate);
    }

    private async Task<Caller> CallerAsync(StoreConnection store, string session, string person) =>
        await SessionRow.FindAsync(store, session) is { } row && row.ToSession().Session is var live && live.Expires > time.GetUtcNow() && await PersonRow.FindAllAsync(store, [person]) is [var known]
            ? new(CallerKind.Known, live, known)
            : new(CallerKind.Refused);

    private static List<CriterionBody> CriteriaOf(Explanation? then, Explanation? now, RecordedDecision decision, FactSources sources)
    {
        var before = Flat(then).ToLookup(one => one.Key, one => one.Criterion);
        var after = Flat(now).ToLookup(one => one.Key, one => one.Criterion);
        return [.. Flat(then).Concat(Flat(now)).DistinctBy(one => one.Key).Select(one => new CriterionBody(
            one.Key.Where, one.Criterion.Key, one.Criterion.Asked, SaidThen(before[one.Key].FirstOrDefault(), decision), Said(after[one.Key].FirstOrDefault()), sources.Of(one.Criterion.Key)))];
    }

    private static string[] LinesOf(EffectivePolicy policy) =>
        [.. policy.Rules.Select(rule => $"{Where(rule.Origin, rule.Place, rule.Index)}: {CanonicalText.Print(new PolicySyntax([rule.Syntax], rule.Place))[1..^1]}")];

    /// <summary>A policy of then has no place: only what it said was kept.</summary>
    private static string Where(string origin, Place place, int index) => place.Source == FormerPolicies.Source ? $"{origin} of then, rule {index + 1}" : $"{origin} at {place}";

    /// <summary>What would be enough. Where Doorward itself refuses, no fact about the person is.</summary>
    private static IEnumerable<string> ChangeOf(string? refusal, Explanation? explanation) =>
        refusal is not null ? RecordedRefusal.Change(refusal) : explanation is null ? [] : ExplanationText.Change(explanation);

    private static IEnumerable<((string Where, string Operator, string Name, string Asked) Key, ExplainedCriterion Criterion)> Flat(Explanation? explanation) =>
        from rule in explanation?.Rules ?? []
        from operation in rule.Operations
        from criterion in operation.Criteria
        select (($"{(rule.Denies ? "deny" : "allow")} rule of {Where($"«{rule.Origin}»", rule.Place, rule.Index)}", operation.Operator, criterion.Key, criterion.Asked), criterion);

    /// <summary>The policy took somebody for a stranger of whom nothing could be learnt; that they were one is more than anybody knows.</summary>
    private static string? SaidThen(ExplainedCriterion? criterion, RecordedDecision decision) =>
        criterion is { Truth: Truth.Unknown } && RecordedRefusal.LeavesWhoUnknown(decision) ? "unknown. The store did not answer who asked." : Said(criterion);

    private static string? Said(ExplainedCriterion? criterion) => criterion is null ? null : $"{criterion.Truth.ToString().ToLowerInvariant()}. {criterion.Seen}";

    private static IEnumerable<string> NotesOf(RecordedDecision decision, Route? route, bool same, EffectivePolicy? policy, Judgement? now, string? untold)
    {
        if (decision.Refusal is { } refusal) yield return $"Doorward itself refused ({refusal}): {(RecordedRefusal.AskedNoPolicy(decision) ? "the policy was not asked" : "what the policy said did not count")}.";
        if (decision.Route is null) yield return "No route matched the request.";
        else if (route is null) yield return $"The route «{decision.Route}» is no longer there.";
        else if (!same) yield return "The policy has changed since.";
        if (policy is null) yield return "The policy of then was not kept: only the rules that decided, and the reasons, are known of it.";
        if (RecordedRefusal.LeavesWhoUnknown(decision)) yield return "Who asked is not known, so neither is how it would be now: only the store could tell whose the cookie is.";
        if (untold is not null) yield return $"How it would be now is not known: {untold}, which the policy of now reads.";
        if (decision.Facts is null && !RecordedRefusal.AskedNoPolicy(decision)) yield return "The facts of then were not kept, or were taken out.";
        if (now is { Caller.Session: null } && decision.Session is not null) yield return "The session has ended since.";
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
