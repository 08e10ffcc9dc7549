namespace Doorward.Policy.Tests.Kit;

/// <summary>Policies from JSON in which ' stands for ".</summary>
internal static class Policies
{
    public static Func<string, TimeZoneInfo?> Zones { get; } = name => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>Reads a policy that has no errors; warnings may be.</summary>
    public static ParsedPolicy Parse(string json, string name = "own")
    {
        var parsed = TryParse(json, out var problems, name);
        Assert.True(parsed is not null, string.Join('\n', problems));
        return parsed;
    }

    public static ParsedPolicy? TryParse(string json, out List<Problem> problems, string name = "own") =>
        ParsedPolicy.Parse(name, Json.Read(json, out problems), Zones, problems);

    public static EffectivePolicy Of(params string[] policies) => EffectivePolicy.Compile([.. policies.Select(policy => Parse(policy))], []);

    /// <summary>A policy whose only rule allows by one criterion.</summary>
    public static EffectivePolicy Allowing(string criterion) => Of("{'allow': {'and': [" + criterion + "]}}");

    public static EffectivePolicy WithGuardrail(string policy, string guardrail) =>
        EffectivePolicy.Compile([Parse(policy)], [Guardrail(guardrail)]);

    public static ParsedPolicy Guardrail(string json)
    {
        var parsed = ParsedPolicy.ParseGuardrail("guardrail", Json.Read(json, out var problems), Zones, problems);
        Assert.True(parsed is not null, string.Join('\n', problems));
        return parsed;
    }
}
