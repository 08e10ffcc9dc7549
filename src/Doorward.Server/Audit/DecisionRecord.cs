using System.Net;
using Doorward.Policy;

namespace Doorward.Server.Audit;

/// <summary>One decision, as the request path hands it over. Passed by reference: writing it allocates nothing.</summary>
internal readonly record struct DecisionRecord
{
    /// <summary>Joins page, log, audit and trace.</summary>
    public required string RequestId { get; init; }

    public string? TraceId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The route's name; null where none matched.</summary>
    public string? Route { get; init; }

    public required string Method { get; init; }

    public required string Host { get; init; }

    /// <summary>In its normal form, without the query, which often holds secrets.</summary>
    public required string Path { get; init; }

    public IPAddress? Address { get; init; }

    /// <summary>What was known: session, person, device and the rest; null where nothing was.</summary>
    public Facts? Facts { get; init; }

    public required Decision Decision { get; init; }

    /// <summary>The policy that was asked; <see cref="EffectivePolicy.DenyAll"/> where there was no route.</summary>
    public required EffectivePolicy Policy { get; init; }

    /// <summary>The configuration that the route came from.</summary>
    public required long Configuration { get; init; }

    /// <summary>Why Doorward itself refused, where the policy was not asked or its answer not used: <c>stale</c>, <c>unavailable</c>.</summary>
    public string? Refusal { get; init; }

    /// <summary>Where the request is to go; null where it goes nowhere.</summary>
    public string? Upstream { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The service account's id, where a machine asks.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>The id of the person who acts in the other's place.</summary>
    public string? Impersonator { get; init; }
}
