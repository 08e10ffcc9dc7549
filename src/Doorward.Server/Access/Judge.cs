using System.Net;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Access;

/// <summary>Turns what is known about a request into facts, and the facts into an answer. Pure but for the clock and the age of what is known.</summary>
internal sealed class Judge(TimeProvider time, Freshness freshness, LockTable locks, SignalHealth signals)
{
    /// <summary>What can only be known from the store, and so grows old when the store is not heard from.</summary>
    internal const FactKinds FromStore =
        FactKinds.Session | FactKinds.Person | FactKinds.Groups | FactKinds.Claims | FactKinds.Device | FactKinds.Risk | FactKinds.Record;

    public Judgement Decide(Route route, Caller caller, RequestFacts request, IPAddress address, CertificateFacts? certificate)
    {
        // A node that never learnt which locks are in force cannot tell whom they are on.
        if (locks.Current is not { } inForce) return new Judgement(null, default, RefusalKind.Stale, caller, route);
        var fresh = freshness.Age <= route.Staleness.Limit;
        // A public route stands, but nothing is told to its upstream about a person of whom we know nothing new.
        if (!fresh && (route.Policy.Reads & FromStore) == 0) caller = Caller.Stranger;
        var facts = FactsOf(route, caller, request, address, certificate, inForce);
        var decision = route.Policy.Decide(facts);
        return new Judgement(facts, decision, Refusal(decision, fresh, caller, route), caller, route);
    }

    /// <summary>Of what was replaced again and again while it was looked at: no decision, but who asks, where that is known.</summary>
    public Judgement Unsettled(Route route, Caller caller, RequestFacts request, IPAddress address, CertificateFacts? certificate) =>
        new(caller.Session is null ? null : FactsOf(route, caller, request, address, certificate, locks.Current ?? LockSet.None), default, RefusalKind.Unsettled, caller, route);

    private Facts FactsOf(Route route, in Caller caller, RequestFacts request, IPAddress address, CertificateFacts? certificate, LockSet inForce) => new()
    {
        Now = time.GetUtcNow(),
        Route = route.Name,
        Session = caller.Session?.Facts,
        Person = caller.Person?.Facts,
        Device = DeviceOf(caller, inForce),
        Request = request,
        SourceIp = address,
        Certificate = certificate,
        Risk = (caller.Person?.Risk ?? caller.Session?.Risk ?? caller.Device?.Risk) is null ? null : new(caller.Person?.Risk, caller.Session?.Risk, caller.Device?.Risk),
        Locks = inForce,
    };

    /// <summary>The device on which it is judged. One that is locked under the name by which the sign-in knew it is locked, whatever certificate it shows.</summary>
    private static DeviceFacts? DeviceOf(in Caller caller, LockSet locks)
    {
        if (caller.Device is not { } device) return null;
        return caller.Session?.Device is { } named && named != device.Id && locks.Matches(LockKind.Device, named) ? new() { Id = named } : device.Facts;
    }

    private bool IsBlind(Route route)
    {
        for (var i = 0; i < route.RequiredSignals.Count; i++)
            if (signals.IsBlind(route.RequiredSignals[i])) return true;
        return false;
    }

    private RefusalKind? Refusal(in Decision decision, bool fresh, Caller caller, Route route)
    {
        // The locks last known still deny, however old they are.
        if (decision.Outcome == Outcome.Deny && decision.Reasons.Has(Reason.Locked)) return RefusalKind.Denied;
        if (!fresh && (decision.Reads & FromStore) != 0) return RefusalKind.Stale;
        if (caller.Kind == CallerKind.Unavailable && (decision.Reads & FromStore) != 0) return RefusalKind.Unavailable;
        // A service account reaches the routes it was made for, whatever their policies say of it.
        if (caller.Session?.Routes is { } bound && !bound.Contains(route.Name) && route.Guarded) return RefusalKind.WrongRoute;
        return decision.Outcome switch
        {
            // Whether it would still be so, had everything been told, cannot be known.
            Outcome.Allow => IsBlind(route) ? RefusalKind.Silent : null,
            Outcome.SignIn => RefusalKind.SignIn,
            Outcome.StepUp => RefusalKind.StepUp,
            Outcome.Device => RefusalKind.Device,
            Outcome.Certificate => RefusalKind.Certificate,
            _ => RefusalKind.Denied,
        };
    }
}

/// <summary>The answer to one request, before it is written down and told.</summary>
/// <param name="Facts">What was known; null where even the locks were not.</param>
/// <param name="Decision">What the policy said.</param>
/// <param name="Refusal">Why it does not go on; null where it does.</param>
/// <param name="Caller">Who asks, as far as it counts: a stranger where what is known is too old.</param>
/// <param name="Route">By whose policy; null where there is no route.</param>
internal readonly record struct Judgement(Facts? Facts, Decision Decision, RefusalKind? Refusal, Caller Caller, Route? Route = null)
{
    public bool Allows => Refusal is null;

    /// <summary>Why Doorward itself refuses, whatever the policy says; null where the policy's answer counts.</summary>
    public string? OwnRefusal =>
        Refusal is null or RefusalKind.Denied or RefusalKind.SignIn or RefusalKind.StepUp or RefusalKind.Device or RefusalKind.Certificate ? null : Access.Refusal.CodeOf(Refusal.Value);

    /// <summary>For records: the first rule that decided, or where none did the reasons.</summary>
    public string Rule
    {
        get
        {
            if (Route is { } route && Decision.Rules.Indexes() is [var first, ..])
                return $"rule {route.Policy.Rules[first].Origin}:{route.Policy.Rules[first].Place.Line}";
            return Decision.Reasons.Codes() is { Count: > 0 } codes ? string.Join(' ', codes) : "no rule";
        }
    }
}
