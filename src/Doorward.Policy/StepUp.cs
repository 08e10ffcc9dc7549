using Doorward.Policy.Syntax;

namespace Doorward.Policy;

/// <summary>What a sign-in flow must ask for, so that what was missing can become known.</summary>
/// <param name="MaxAge">How long ago the sign-in may be at most (<c>max_age</c>); null where that is not asked.</param>
/// <param name="AcrValues">The authentication classes that would do (<c>acr_values</c>), in the order written; empty where none is named outright.</param>
/// <param name="DeviceTypes">The types of device credential asked for; empty for none.</param>
public sealed record StepUp(TimeSpan? MaxAge, IReadOnlyList<string> AcrValues, IReadOnlyList<string> DeviceTypes)
{
    internal static StepUp For(IReadOnlyList<Criterion> missing) => new(
        missing.OfType<SessionAgeCriterion>().Select(age => (TimeSpan?)age.Under).Min(),
        [.. missing.OfType<AuthenticationCriterion>().SelectMany(authentication => Named(authentication.Acr)).Distinct()],
        [.. missing.OfType<DeviceCriterion>().Select(device => device.Type).Distinct()]);

    private static IEnumerable<string> Named(StringMatcher? acr) =>
        (acr?.Tests ?? []).Where(test => test.Operator is StringOperator.Is or StringOperator.In).SelectMany(test => test.Operands);
}
