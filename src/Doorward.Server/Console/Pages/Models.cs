namespace Doorward.Server.Console.Pages;

// Public because the classes that Razor makes of the pages are. Each page shows its model and knows nothing else.

/// <summary>Whether a criterion held.</summary>
public enum LineState
{
    /// <summary>It holds.</summary>
    Met,

    /// <summary>It does not hold.</summary>
    Missing,

    /// <summary>It cannot be told.</summary>
    Unknown,
}

/// <summary>One criterion, in the person's words.</summary>
/// <param name="State">Whether it held.</param>
/// <param name="Text">What was asked.</param>
/// <param name="Seen">What was seen instead; null where that tells nothing.</param>
public sealed record Line(LineState State, string Text, string? Seen = null);

/// <summary>Criteria that count together.</summary>
/// <param name="Lead">How; null for a single one.</param>
/// <param name="Lines">The criteria.</param>
public sealed record LineGroup(string? Lead, IReadOnlyList<Line> Lines);

/// <summary>A link that looks like a button.</summary>
/// <param name="Text">What it does.</param>
/// <param name="Url">Where it leads; made by us, never by a client.</param>
public sealed record Link(string Text, string Url);

/// <summary>A refusal or an error.</summary>
public sealed record MessageModel
{
    /// <summary>The HTTP status, shown small.</summary>
    public required int Status { get; init; }

    /// <summary>What happened, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What that means for the person.</summary>
    public required string Lead { get; init; }

    /// <summary>What was asked and what was seen.</summary>
    public IReadOnlyList<LineGroup> Asked { get; init; } = [];

    /// <summary>What the person can do.</summary>
    public IReadOnlyList<string> Advice { get; init; } = [];

    /// <summary>The first is the one we would take.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>Who is signed in; null for a stranger.</summary>
    public string? Person { get; init; }

    /// <summary>Joins page, log, audit and trace.</summary>
    public required string RequestId { get; init; }

    /// <summary>The page looks again by itself after so many seconds; null for never.</summary>
    public int? RetryAfter { get; init; }
}

/// <summary>The choice of a provider to sign in with.</summary>
public sealed record SignInModel
{
    /// <summary>Where the person wanted to go, as they know it: a host or a title.</summary>
    public string? Destination { get; init; }

    /// <summary>Why they are asked, where it is not plain.</summary>
    public string? Notice { get; init; }

    /// <summary>One for each provider.</summary>
    public IReadOnlyList<Link> Providers { get; init; } = [];

    /// <summary>Where an e-mail address chooses the provider; null where none does.</summary>
    public EmailForm? Email { get; init; }
}

/// <summary>A form with one e-mail field.</summary>
/// <param name="Action">Where it is sent, by GET.</param>
/// <param name="Hidden">Sent with it.</param>
/// <param name="Problem">Why the last attempt led nowhere.</param>
public sealed record EmailForm(string Action, IReadOnlyList<KeyValuePair<string, string>> Hidden, string? Problem = null);

/// <summary>A button that is a POST of its own.</summary>
/// <param name="Action">Where it is sent.</param>
/// <param name="Hidden">Sent with it: the token against forged requests, ids.</param>
public sealed record PostForm(string Action, IReadOnlyList<KeyValuePair<string, string>> Hidden);

/// <summary>The question before signing out.</summary>
/// <param name="Person">Who is signed in.</param>
/// <param name="Form">Signs out.</param>
/// <param name="BackUrl">Does not.</param>
public sealed record SignOutModel(string Person, PostForm Form, string BackUrl);

/// <summary>After signing out.</summary>
/// <param name="SignInUrl">Signs in again.</param>
/// <param name="ProviderKnows">Whether the provider signed out too.</param>
public sealed record SignedOutModel(string SignInUrl, bool ProviderKnows);

/// <summary>The links of a signed-in person's pages.</summary>
/// <param name="Person">Their name.</param>
/// <param name="PortalUrl">Their routes.</param>
/// <param name="SessionsUrl">Their sessions; null where there is no such page.</param>
/// <param name="SignOutUrl">The question before signing out.</param>
public sealed record Navigation(string Person, string PortalUrl, string? SessionsUrl, string SignOutUrl);

/// <summary>The routes that a person may open, and the others.</summary>
public sealed record PortalModel
{
    /// <summary>The links.</summary>
    public required Navigation Navigation { get; init; }

    /// <summary>What the policy lets them open now.</summary>
    public required IReadOnlyList<PortalRoute> Open { get; init; }

    /// <summary>What it does not.</summary>
    public required IReadOnlyList<PortalRoute> Closed { get; init; }
}

/// <summary>One route of the portal.</summary>
/// <param name="Title">Its title, or its host.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Description">What it is; null for nothing said.</param>
/// <param name="WhyUrl">Shows why it is open or closed.</param>
/// <param name="Why">Why, where that was asked.</param>
public sealed record PortalRoute(string Title, string Url, string? Description, string WhyUrl, IReadOnlyList<LineGroup>? Why = null)
{
    /// <summary>Its address without what every address has.</summary>
    public string ShortUrl => Url[(Url.IndexOf("://", StringComparison.Ordinal) + 3)..].TrimEnd('/');
}

/// <summary>A person's sessions.</summary>
public sealed record SessionsModel
{
    /// <summary>The links.</summary>
    public required Navigation Navigation { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<SessionLine> Sessions { get; init; }

    /// <summary>What has just been done; null for nothing.</summary>
    public string? Notice { get; init; }
}

/// <summary>One session.</summary>
/// <param name="Browser">What browser, as well as can be told.</param>
/// <param name="Provider">The provider that they signed in with.</param>
/// <param name="Started">When it began.</param>
/// <param name="LastActive">When it was last used.</param>
/// <param name="Expires">When it ends at the latest.</param>
/// <param name="Current">Whether it is this one.</param>
/// <param name="End">Ends it.</param>
public sealed record SessionLine(
    string Browser, string Provider, DateTimeOffset Started, DateTimeOffset LastActive, DateTimeOffset Expires, bool Current, PostForm End);
