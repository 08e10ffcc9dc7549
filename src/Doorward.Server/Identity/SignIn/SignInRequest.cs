using Doorward.Policy;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Why somebody was sent to sign in, and where they go afterwards. Travels sealed in the URL from a route's host to Doorward's own.</summary>
internal sealed record SignInRequest
{
    /// <summary>For a person who types a password twice and reads the page; an older one begins anew.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>The URL that was asked for; null for Doorward's own first page.</summary>
    public string? ReturnTo { get; init; }

    /// <summary>The hash of the nonce that the browser holds for the route's host; null on Doorward's own.</summary>
    public byte[]? NonceHash { get; init; }

    /// <summary>The provider that the route names; the person's choice where null.</summary>
    public string? Provider { get; init; }

    /// <summary>What a session that is already there lacks.</summary>
    public Remedies Asked { get; init; }

    /// <summary>The classes of authentication that would satisfy; none where any stronger one may.</summary>
    public IReadOnlyList<string> Acr { get; init; } = [];
}

/// <summary>One sign-in under way at a provider. Lives sealed in a cookie of the browser that began it.</summary>
internal sealed record Flow
{
    /// <summary>As long as providers keep their own sign-in pages alive, roughly.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    /// <summary>The <c>state</c> parameter, and part of the cookie's name.</summary>
    public required string Id { get; init; }

    public required string Provider { get; init; }

    public required string Nonce { get; init; }

    public required string Verifier { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required SignInRequest Request { get; init; }

    /// <summary>The session that is to be strengthened; null for a new one.</summary>
    public string? SessionId { get; init; }
}
