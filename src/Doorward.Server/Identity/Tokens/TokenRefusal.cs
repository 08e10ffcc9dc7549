namespace Doorward.Server.Identity.Tokens;

/// <summary>Why a token is not believed. For logs, metrics and docs/security/tokens.md; a browser is told nothing of it, a transmitter its name.</summary>
internal enum TokenRefusal
{
    None,

    // The form.
    TooLong,
    NotThreeParts,
    Encrypted,
    NotBase64Url,
    NotOneJsonObject,

    // The header.
    AlgorithmNotAllowed,
    CriticalHeader,
    KeyInHeader,
    NestedToken,
    WrongType,
    MalformedKeyId,

    // The key.
    UnknownKey,
    AmbiguousKey,
    MalformedKey,
    WeakKey,
    KeyForOtherUse,
    KeyForOtherAlgorithm,
    KeyForOtherIssuer,
    BadSignature,

    // The claims.
    WrongIssuer,
    WrongAudience,
    WrongParty,
    WrongSubject,
    WrongNonce,
    MalformedTime,
    Expired,
    NotYetValid,
    IssuedInFuture,
    WrongAccessTokenHash,

    /// <summary>No <c>jti</c>, by which it would be known again.</summary>
    WrongTokenId,

    /// <summary>Not the one event that this kind of token tells.</summary>
    WrongEvents,

    /// <summary>A claim that would let it pass for another kind of token.</summary>
    ForbiddenClaim,

    /// <summary>The library below found something that our own checks let through.</summary>
    RefusedByLibrary,
}
