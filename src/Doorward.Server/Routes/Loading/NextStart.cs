using Doorward.Policy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Loading;

/// <summary>Tells which changed keys are in force only after a restart, as long as they differ from those of the start.</summary>
internal static class NextStart
{
    public static IEnumerable<Problem> Tell(ConfigurationOptions? started, ConfigurationOptions written)
    {
        if (started is null) yield break;
        foreach (var (property, key, same) in new[]
        {
            (nameof(written.Url), "url", started.Url == written.Url),
            (nameof(written.Session), "session", Same(started.Session, written.Session)),
            (nameof(written.Staleness), "staleness", Same(started.Staleness, written.Staleness)),
            (nameof(written.Audit), "audit", Same(started.Audit, written.Audit)),
            (nameof(written.Store), "store", Same(started.Store, written.Store)),
            (nameof(written.RootKey), "root_key", started.RootKey?.Value == written.RootKey?.Value),
            (nameof(written.Listeners), "listeners", Same(started.Listeners, written.Listeners)),
            (nameof(written.Audit), "audit", Building.NodeDigest.Of(started.Audit.Node) == Building.NodeDigest.Of(written.Audit.Node)),
            (nameof(written.Telemetry), "telemetry", Same(started.Telemetry, written.Telemetry)),
            (nameof(written.Limits), "limits", Same(started.Limits, written.Limits)),
        })
        {
            if (!same && !written.FaultyKeys.Contains(key))
                yield return new("DW2066", Severity.Warning, $"«{key}» has changed since the start; until the next one, the old holds.", "Restart the server, or take the change back.", written.At(property));
        }
    }

    private static bool Same(Reading.Section one, Reading.Section another) => Plain(one) == Plain(another);

    // Records compare by value; where and how it was written makes no difference.
    private static Reading.Section Plain(Reading.Section section) => section with { Node = null, Faulty = false, FaultyKeys = System.Collections.Frozen.FrozenSet<string>.Empty };
}
