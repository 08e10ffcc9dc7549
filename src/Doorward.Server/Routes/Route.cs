using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Routes;

/// <summary>One way through Doorward: what it matches, who may pass, and where it leads. Immutable; replaced whole on reload.</summary>
internal sealed record Route
{
    /// <summary>Unique; given by the operator, or made from what the route matches.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is written.</summary>
    public required Place Place { get; init; }

    /// <summary>Who keeps it.</summary>
    public ObjectSource Source { get; init; }

    public required RouteMatch Match { get; init; }

    /// <summary>What it does with a request that may pass: forward, redirect or answer.</summary>
    public required RouteAction Action { get; init; }

    /// <summary>Who may pass. A route with problems gets <see cref="EffectivePolicy.DenyAll"/>, and stays: a broader route must not answer for it.</summary>
    public required EffectivePolicy Policy { get; init; }

    /// <summary>Who may ask why this route let somebody in or not; nobody but administrators where null.</summary>
    public EffectivePolicy? Owners { get; init; }

    public RoutePresentation Presentation { get; init; } = new();

    public FrozenDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    public IdentityHeaderSettings Identity { get; init; } = new();

    public HeaderSettings Headers { get; init; } = new();

    /// <summary>Keeps %2F inside a path element; otherwise a request with it gets 400.</summary>
    public bool KeepEncodedSlashes { get; init; }

    /// <summary>Lets a CORS preflight pass unauthenticated; already part of <see cref="Policy"/>, kept for the portal.</summary>
    public bool CorsAllowPreflight { get; init; }

    /// <summary>Whether the denial page names the rule that refused.</summary>
    public bool ShowErrorDetails { get; init; }

    /// <summary>The provider to sign in with; the person's choice where null.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>True where the policy can refuse a stranger; every other route is public.</summary>
    public required bool Guarded { get; init; }

    public Staleness Staleness { get; init; } = new();

    /// <summary>The transmitters of signals without which it refuses.</summary>
    public IReadOnlyList<string> RequiredSignals { get; init; } = [];

    /// <summary>Changes whenever anything about the route does; part of the key of remembered assertions.</summary>
    public required long Version { get; init; }
}

/// <summary>How old facts may be on a route, and for how long its open streams are then held.</summary>
internal sealed record Staleness(TimeSpan Limit, TimeSpan Grace)
{
    public Staleness()
        : this(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20))
    {
    }
}

/// <summary>What the portal shows of a route.</summary>
internal sealed record RoutePresentation(string? Title = null, string? Description = null, string? LogoUrl = null);

/// <summary>What a route does with a request that may pass.</summary>
internal abstract record RouteAction;

/// <summary>Answers with a redirect.</summary>
internal sealed record RedirectAction(RedirectSettings Settings) : RouteAction;

/// <summary>Answers with a fixed text.</summary>
internal sealed record ResponseAction(int Status, string Body) : RouteAction;

/// <summary>Forwards to an upstream.</summary>
internal sealed record ForwardAction(Upstream Upstream) : RouteAction;

/// <summary>Where a redirect leads; parts left out stay as they were requested.</summary>
internal sealed record RedirectSettings(
    int Status,
    bool Https = false,
    string? Scheme = null,
    string? Host = null,
    int? Port = null,
    string? Path = null,
    string? Prefix = null,
    bool StripQuery = false);
