namespace Doorward.Server.Store.Keys;

internal enum KeyKind
{
    /// <summary>32 random bytes.</summary>
    Symmetric,

    /// <summary>ECDSA on P-256 with SHA-256: ES256.</summary>
    Signing,
}

/// <summary>What a key may be used for: one set of keys a purpose, so that what was signed for one is worth nothing for another.</summary>
/// <param name="Name">Stable: it is in the store.</param>
/// <param name="Kind">What kind of key.</param>
/// <param name="Rotation">How long one key signs or encrypts.</param>
/// <param name="Lead">How long it is known before its first use: longer than others remember a list of public keys.</param>
/// <param name="Keep">How long it is still known after its last use: longer than what it signed or encrypted lives.</param>
internal sealed record KeyPurpose(string Name, KeyKind Kind, TimeSpan Rotation, TimeSpan Lead, TimeSpan Keep)
{
    /// <summary>The proof of identity for upstreams: lives 5 min. Common libraries remember a JWKS for a day.</summary>
    public static readonly KeyPurpose Assertion = new("assertion", KeyKind.Signing, TimeSpan.FromDays(30), TimeSpan.FromDays(2), TimeSpan.FromHours(1));

    /// <summary>Tokens for clusters.</summary>
    public static readonly KeyPurpose ClusterToken = new("cluster-token", KeyKind.Signing, TimeSpan.FromDays(30), TimeSpan.FromDays(2), TimeSpan.FromDays(1));

    /// <summary>Tokens of Doorward's own OAuth endpoints.</summary>
    public static readonly KeyPurpose OAuthToken = new("oauth-token", KeyKind.Signing, TimeSpan.FromDays(30), TimeSpan.FromDays(2), TimeSpan.FromDays(1));

    /// <summary>Columns of the store, and cookies that hold state. What lives longest is a session's provider tokens.</summary>
    public static readonly KeyPurpose Secrets = new("secrets", KeyKind.Symmetric, TimeSpan.FromDays(90), TimeSpan.FromHours(1), TimeSpan.FromDays(400));

    /// <summary>The tag by which an invented cookie or token is told without a read. Guards the store's peace, nothing else, and so does not rotate.</summary>
    public static readonly KeyPurpose Tag = new("tag", KeyKind.Symmetric, TimeSpan.FromDays(36500), TimeSpan.FromHours(1), TimeSpan.FromDays(400));

    /// <summary>Checkpoints of the audit trail. Verified by auditors, years later, with the public key that stands beside each.</summary>
    public static readonly KeyPurpose Checkpoint = new("checkpoint", KeyKind.Signing, TimeSpan.FromDays(365), TimeSpan.FromDays(2), TimeSpan.FromDays(1));

    public static IReadOnlyList<KeyPurpose> All { get; } = [Assertion, ClusterToken, OAuthToken, Secrets, Tag, Checkpoint];
}
