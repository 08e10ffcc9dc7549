using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>A criterion about the session's device.</summary>
internal abstract class DeviceEvaluatorBase() : Evaluator(Reason.DeviceOk, Reason.DeviceUnauthorized, aboutPerson: true)
{
    private static readonly ReasonSet Unauthenticated = ReasonSet.Of(Reason.DeviceUnauthenticated);

    protected static Verdict AskForDevice => new(Truth.Unknown, Remedies.Device, Unauthenticated);

    protected sealed override Verdict Judge(in Known known) => known.Device is { } device ? Judge(device) : AskForDevice;

    protected abstract Verdict Judge(DeviceFacts device);
}

/// <summary><see cref="DeviceCriterion"/>.</summary>
internal sealed class DeviceEvaluator(DeviceCriterion criterion) : DeviceEvaluatorBase
{
    protected override Verdict Judge(DeviceFacts device)
    {
        if (!HasShownType(device)) return AskForDevice;
        var truth = Kleene.Of(criterion.Id is null || criterion.Id == device.Id);
        if (criterion.Approved is { } approved) truth = Kleene.And(truth, device.Approved is { } known ? Kleene.Of(known == approved) : Truth.Unknown);
        return Told(truth);
    }

    private bool HasShownType(DeviceFacts device)
    {
        if (criterion.Type == DeviceCriterion.AnyType) return device.Types.Count > 0;
        for (var i = 0; i < device.Types.Count; i++)
            if (device.Types[i] == criterion.Type) return true;
        return false;
    }
}

/// <summary><see cref="DeviceAttributeCriterion"/> for <c>compliant</c> and <c>approved</c>.</summary>
internal sealed class DeviceFlagEvaluator(Func<DeviceFacts, bool?> flag, bool expected) : DeviceEvaluatorBase
{
    protected override Verdict Judge(DeviceFacts device) => flag(device) is { } value ? Told(value == expected) : Absent;
}

/// <summary><see cref="DeviceAttributeCriterion"/> for any other attribute.</summary>
internal sealed class DeviceAttributeEvaluator(string attribute, ValueMatcher matcher) : DeviceEvaluatorBase
{
    private readonly ValueTests _tests = new(matcher);

    protected override Verdict Judge(DeviceFacts device) => device.Attributes.TryGetValue(attribute, out var value) ? Told(_tests.Judge(value.Value)) : Absent;
}
