namespace Doorward.Policy.Syntax;

/// <summary><c>device</c>: a credential that the session's device has shown. About a person.</summary>
/// <remarks>
/// With a session but without a device, or with one that has not shown <see cref="Type"/> among <see cref="DeviceFacts.Types"/> (for
/// <c>any</c>: has shown nothing at all): unknown, reason <see cref="Reason.DeviceUnauthenticated"/>, remedy
/// <see cref="Remedies.Device"/>. Otherwise Kleene's «and» of the parts that are not null: <see cref="DeviceFacts.Id"/> equals <see cref="Id"/>;
/// <see cref="DeviceFacts.Approved"/>, absent where null, equals <see cref="Approved"/>. Reasons <see cref="Reason.DeviceOk"/> and <see cref="Reason.DeviceUnauthorized"/>.
/// </remarks>
/// <param name="Type">The type of credential, <c>any</c> by default.</param>
/// <param name="Id">The credential's id; any where null.</param>
/// <param name="Approved">Whether an administrator approved it; either where null.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record DeviceCriterion(string Type, string? Id, bool? Approved, Place Place) : Criterion("device", FactKinds.Session | FactKinds.Device, Place)
{
    /// <summary>The type that every credential has.</summary>
    public const string AnyType = "any";
}

/// <summary><c>device/&lt;attribute&gt;</c>: the last known state of the session's device. About a person.</summary>
/// <remarks>
/// With a session but without a device: unknown, reason <see cref="Reason.DeviceUnauthenticated"/>, remedy <see cref="Remedies.Device"/>.
/// <c>compliant</c> and <c>approved</c> are the booleans <see cref="DeviceFacts.Compliant"/> and <see cref="DeviceFacts.Approved"/>, absent where
/// null; any other name is looked up in <see cref="DeviceFacts.Attributes"/>. Reasons <see cref="Reason.DeviceOk"/> and <see cref="Reason.DeviceUnauthorized"/>.
/// </remarks>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record DeviceAttributeCriterion(string Attribute, ValueMatcher Matcher, Place Place) : Criterion("device/" + Attribute, FactKinds.Session | FactKinds.Device, Place);
