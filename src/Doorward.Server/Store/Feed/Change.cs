namespace Doorward.Server.Store.Feed;

/// <summary>What is known of one thing is no longer true. Says what to read again, never what it is now.</summary>
/// <param name="Kind">The kind of thing, such as <c>session</c>; the noun that it stores declares it.</param>
/// <param name="Key">Which one.</param>
/// <param name="Cause">What told of it, such as <c>signal okta: session-revoked</c>, for records; null where the kind says enough.</param>
internal readonly record struct Change(string Kind, string Key, string? Cause = null);
