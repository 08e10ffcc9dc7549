namespace Doorward.Policy;

/// <summary>How and when the person signed in.</summary>
public sealed class SessionFacts
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>When the person proved who they are, by the provider's word (<c>auth_time</c>); null where it said nothing.</summary>
    public DateTimeOffset? AuthTime { get; init; }

    /// <summary>The instant from which the session no longer counts; null for none known.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The provider's claims. Nested objects are joined with «/»: <c>realm_access/roles</c>.</summary>
    public IReadOnlyDictionary<string, FactValue> Claims { get; init; } = FactValue.NoFields;

    /// <summary>The authentication context class that the provider stated.</summary>
    public string? Acr { get; init; }

    /// <summary>The authentication methods that the provider stated; null where it said nothing.</summary>
    public IReadOnlyList<string>? Amr { get; init; }

    /// <summary>The name of the provider that they signed in with.</summary>
    public string? Provider { get; init; }

    /// <summary>
    /// The remedies whose flow has just returned without what was asked: they are not asked again
    /// (<c>step-up-failed</c>). None by default.
    /// </summary>
    public Remedies Failed { get; init; }
}
