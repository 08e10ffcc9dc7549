using Doorward.Policy;

namespace Doorward.Server.Identity.Devices;

/// <summary>What a source says of one device. What it is silent about stays as it is known.</summary>
internal sealed record DeviceReport
{
    /// <summary>The provider whose people use it: only there is its id unique.</summary>
    public required string Provider { get; init; }

    /// <summary>The device's id, as the provider's tokens name it.</summary>
    public required string Device { get; init; }

    /// <summary>The device's whole id.</summary>
    public string Id => Devices.Device.IdOf(Provider, Device);

    /// <summary>Who says so, such as <c>posture/fleet</c> or <c>signals/okta</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Since when it is so, by the source's clock. Reports may come in any order; of two about the same, the later in time counts.</summary>
    public required DateTimeOffset At { get; init; }

    public bool? Compliant { get; init; }

    public bool? Managed { get; init; }

    /// <summary>Whose it is, as the source names people.</summary>
    public string? Owner { get; init; }

    public IReadOnlyDictionary<string, FactValue> Attributes { get; init; } = FactValue.NoFields;

    /// <summary>What it says in a way that cannot be read, by the names that policies use: unknown from then on.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>Everything that it says, by the names that policies use; null for what is unknown from then on.</summary>
    public IEnumerable<KeyValuePair<string, FactValue?>> Facts
    {
        get
        {
            if (Compliant is { } compliant) yield return new(Devices.Device.Compliant, new(compliant));
            if (Managed is { } managed) yield return new(Devices.Device.Managed, new(managed));
            if (Owner is { } owner) yield return new(Devices.Device.Owner, new(owner));
            foreach (var (name, value) in Attributes)
                if (!Devices.Device.IsReserved(name)) yield return new(name, value);
            foreach (var name in Unreadable)
                if (name == Devices.Device.Owner || !Devices.Device.IsReserved(name)) yield return new(name, null);
        }
    }
}
