namespace Doorward.Server.Identity.ServiceAccounts;

/// <summary>What a service account may do besides passing routes.</summary>
internal enum ServiceAccountRole
{
    None,

    /// <summary>Administrative commands from afar.</summary>
    Admin,
}

/// <summary>A machine's identity.</summary>
/// <param name="Id">Random; never used again.</param>
/// <param name="Name">As the operator calls it; unique among those that are not revoked.</param>
/// <param name="Role">What it may do besides passing routes.</param>
/// <param name="Routes">The routes that it may pass, by name; null for all.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">The instant from which it counts no more; null for none.</param>
/// <param name="Revoked">When it was revoked; null while it counts.</param>
internal sealed record ServiceAccount(
    string Id,
    string Name,
    ServiceAccountRole Role,
    IReadOnlySet<string>? Routes,
    DateTimeOffset Created,
    DateTimeOffset? Expires,
    DateTimeOffset? Revoked)
{
    public bool CountsAt(DateTimeOffset now) => Revoked is null && !(Expires <= now);
}

/// <summary>An account with a secret that is shown this once.</summary>
internal sealed record IssuedSecret(ServiceAccount Account, string Secret);
