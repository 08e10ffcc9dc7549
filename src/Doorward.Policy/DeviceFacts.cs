namespace Doorward.Policy;

/// <summary>The last known state of a device.</summary>
public sealed class DeviceFacts
{
    /// <summary>The device's id, or its credential's.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it complies; null where nobody has told.</summary>
    public bool? Compliant { get; init; }

    /// <summary>Whether an administrator approved it; null where nobody has told.</summary>
    public bool? Approved { get; init; }

    /// <summary>The types of credential that it has shown, such as <c>any</c> or <c>enclave_only</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Further attributes, as told by posture sources.</summary>
    public IReadOnlyDictionary<string, FactValue> Attributes { get; init; } = FactValue.NoFields;
}
