using Doorward.Policy.Evaluation;

namespace Doorward.Policy;

/// <summary>Who the person is.</summary>
public sealed class PersonFacts
{
    /// <summary>The person's id: one per provider and subject.</summary>
    public required string Id { get; init; }

    /// <summary>The e-mail address, verified or not.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the e-mail is the person's by the provider's word, or the provider is authoritative for its domain.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>The groups; null where no source has delivered them, empty where one said «none». Copied, and indexed by their names: make a person once, not for each request.</summary>
    public IReadOnlyList<GroupFact>? Groups
    {
        get => GroupNames?.Groups;
        init => GroupNames = value is null ? null : new GroupNames(value);
    }

    /// <summary>Whether the groups are only those that matter to the policy, as a record keeps them.</summary>
    public bool OnlyGroupsThatMatter { get; init; }

    /// <summary>The groups as criteria look for them.</summary>
    internal GroupNames? GroupNames { get; private init; }

    /// <summary>Directory attributes.</summary>
    public IReadOnlyDictionary<string, FactValue> Attributes { get; init; } = FactValue.NoFields;

    /// <summary>False where a directory says that the person is inactive.</summary>
    public bool Active { get; init; } = true;

    /// <summary>The instant from which the person is denied everywhere; null for none.</summary>
    public DateTimeOffset? EndDate { get; init; }
}
