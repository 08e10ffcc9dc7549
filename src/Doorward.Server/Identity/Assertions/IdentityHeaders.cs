namespace Doorward.Server.Identity.Assertions;

/// <summary>What an upstream is told about who asks. Only the forwarder writes it, after it has removed whatever the client says under these names.</summary>
internal sealed record IdentityHeaders
{
    public static IdentityHeaders None { get; } = new();

    /// <summary>The signed assertion; null where nobody is signed in or the route does not pass it.</summary>
    public string? Assertion { get; init; }

    /// <summary>The provider's tokens, for templates; needed only where the route's templates read them.</summary>
    public string? IdToken { get; init; }

    public string? AccessToken { get; init; }

    /// <summary>Header and value. A fact that is missing is not among them; the client's header is removed all the same.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values { get; init; } = [];

    // Tokens are in it: no log prints it.
    public override string ToString() => nameof(IdentityHeaders);
}
