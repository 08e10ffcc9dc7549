namespace Doorward.Fuzz;

/// <summary>The targets by name. Each has a folder of the same name under fuzz/corpus; a target fails by throwing.</summary>
internal static class Targets
{
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["yaml"] = PolicyTarget.Yaml,
        ["policy"] = PolicyTarget.Policy,
        ["target"] = RequestTargets.Target,
        ["host"] = RequestTargets.Host,
        ["cookie"] = RequestTargets.Cookie,
        ["forwarded"] = RequestTargets.Forwarded,
        ["token"] = TokenTarget.Token,
        ["json"] = TokenTarget.Json,
        ["event"] = EventTarget.Event,
        ["segment"] = AuditTargets.Segment,
        ["record"] = AuditTargets.Record,
    };
}
