namespace Doorward.Server.Identity.Tokens;

/// <summary>Why a token is not believed. For logs, metrics and docs/security/tokens.md; the sender is told nothing of it.</summary>
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

    /// <summary>The library below found something that our own checks let through.</summary>
    RefusedByLibrary,
}
