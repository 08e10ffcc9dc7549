using Doorward.Policy;

namespace Doorward.Server.Audit.Replay;

/// <summary>What another policy would have said to a decision that was recorded.</summary>
/// <param name="Outcome">Its answer; null where it cannot be told.</param>
/// <param name="Why">Why it cannot be told; null where it can.</param>
internal sealed record Replayed(string? Outcome, string? Why);

/// <summary>
/// Takes recorded decisions again. A record holds only the facts that the policy of its time read: what another one reads besides is not
/// there, and then nothing is claimed.
/// </summary>
/// <param name="policy">The policy that is tried.</param>
/// <param name="recorded">What the records hold that the policy of then decided; null where that policy was not kept.</param>
/// <param name="reads">The kinds of facts that they hold.</param>
internal sealed class Replay(EffectivePolicy policy, FactNames? recorded, FactKinds reads)
{
    /// <summary>Always there, or held by every record.</summary>
    private const FactKinds Everywhere = FactKinds.Lock | FactKinds.Session | FactKinds.Person | FactKinds.Request | FactKinds.Address | FactKinds.Time;

    private readonly string? _missing = recorded is null ? "the policy of then was not kept, and what its records hold is not known" : Missing(policy, recorded, reads);

    public Replayed Run(RecordedDecision decision)
    {
        if (!decision.IsReplayable) return new(null, decision.Refusal is null ? "its facts were not kept, or a lock decided" : $"Doorward itself refused: {decision.Refusal}");
        if (decision.Policy == policy.Digest) return new(Words.Of(policy.Decide(decision.Facts!).Outcome), null);
        return _missing is null ? new(Words.Of(policy.Decide(decision.Facts!).Outcome), null) : new(null, _missing);
    }

    /// <summary>What a policy reads of the request itself, and a record of another policy does not hold: it cannot be asked for again. Null for nothing.</summary>
    /// <param name="policy">The policy that is asked.</param>
    /// <param name="then">The policy of the record; null where it was not kept, and what the record holds is not known.</param>
    public static string? UntoldOfRequest(EffectivePolicy policy, EffectivePolicy? then)
    {
        const FactKinds OnlyThen = FactKinds.Certificate | FactKinds.Kubernetes | FactKinds.Mcp | FactKinds.Ssh;
        var kinds = policy.Reads & OnlyThen & ~(then?.Reads ?? FactKinds.None);
        if (kinds != FactKinds.None) return $"the record holds nothing about {kinds.ToString().ToLowerInvariant()}";
        string[] names = [
            .. policy.Names.Headers.Except(then?.Names.Headers ?? [], StringComparer.OrdinalIgnoreCase), .. policy.Names.QueryParameters.Except(then?.Names.QueryParameters ?? []),
        ];
        return names.Length == 0 ? null : $"the record does not hold {string.Join(", ", names)}";
    }

    private static string? Missing(EffectivePolicy policy, FactNames recorded, FactKinds reads)
    {
        var kinds = policy.Reads & ~Everywhere & ~reads;
        if (kinds != FactKinds.None) return $"the records hold nothing about {kinds.ToString().ToLowerInvariant()}";
        if (recorded.All) return null;
        var names = policy.Names;
        if (!recorded.WholeGroups && (names.WholeGroups || names.Groups.Except(recorded.Groups).Any()))
            return $"the records do not hold whether somebody was in {(names.WholeGroups ? "other groups" : string.Join(", ", names.Groups.Except(recorded.Groups)))}";
        string[] others = [
            .. names.Claims.Except(recorded.Claims), .. names.PersonAttributes.Except(recorded.PersonAttributes), .. names.DeviceAttributes.Except(recorded.DeviceAttributes),
            .. names.Headers.Except(recorded.Headers, StringComparer.OrdinalIgnoreCase), .. names.QueryParameters.Except(recorded.QueryParameters), .. names.Records.Except(recorded.Records),
        ];
        return others.Length == 0 ? null : $"the records do not hold {string.Join(", ", others)}";
    }
}
