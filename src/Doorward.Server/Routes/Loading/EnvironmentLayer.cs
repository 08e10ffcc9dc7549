using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Loading;

/// <summary>
/// Environment variables that stand for keys and override them: DOORWARD_ and the key in upper case, nested keys joined with an
/// underscore (DOORWARD_SESSION_IDLE), and for an entry with a name, the name (DOORWARD_IDENTITY_PROVIDERS_CORP_CLIENT_SECRET).
/// </summary>
internal static class EnvironmentLayer
{
    public const string Prefix = "DOORWARD_";

    /// <summary>The document as the environment completes it.</summary>
    public static MappingNode Over(MappingNode document, IReadOnlyDictionary<string, string> environment, Findings findings)
    {
        var ours = environment.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary();
        if (ours.Count == 0) return document;
        var known = new HashSet<string>();
        var complete = Apply(document, SectionShape.Of(typeof(ConfigurationOptions)), Prefix, ours, known);
        foreach (var name in ours.Keys.Where(name => !known.Contains(name)))
        {
            var nearest = Suggestion.Nearest(name.ToLowerInvariant(), known.Select(candidate => candidate.ToLowerInvariant()));
            findings.Warn("DW2014", $"The environment variable «{name}» stands for no key.",
                nearest is null ? "Remove it, or see docs/configuration.md for those that there are." : $"Did you mean «{nearest.ToUpperInvariant()}»?", PlaceOf(name));
        }

        return complete;
    }

    private static MappingNode Apply(MappingNode section, SectionShape shape, string prefix, Dictionary<string, string> environment, HashSet<string> known)
    {
        foreach (var key in shape.Keys)
        {
            var name = prefix + key.Name.ToUpperInvariant();
            if (key.Kind is ScalarValue or TwinValue or FileValue)
            {
                section = Set(section, key, key.Name, name, environment, known);
                if (key.FileTwin is { } twin) section = Set(section, key, twin, name + "_FILE", environment, known);
            }
            else if (key.Kind is SectionValue { Type: var type })
            {
                var inner = section[key.Name] as MappingNode ?? new MappingNode([], PlaceOf(name));
                var applied = Apply(inner, SectionShape.Of(type), name + "_", environment, known);
                if (!ReferenceEquals(applied, inner)) section = With(section, key.Name, applied);
            }
            else if (section[key.Name] is SequenceNode list && key.Kind is ListValue { Element: SectionValue element })
            {
                var items = list.Items.Select(item => item is MappingNode entry && entry["name"] is ScalarNode { Text: var called }
                    ? Apply(entry, SectionShape.Of(element.Type), $"{name}_{Folded(called)}_", environment, known)
                    : item).ToArray();
                if (items.Where((item, i) => !ReferenceEquals(item, list.Items[i])).Any()) section = With(section, key.Name, list with { Items = items });
            }
        }

        return section;
    }

    // One of a value and its file is written; the environment's replaces either.
    private static MappingNode Set(MappingNode section, KeyShape key, string written, string name, Dictionary<string, string> environment, HashSet<string> known)
    {
        known.Add(name);
        if (!environment.TryGetValue(name, out var text)) return section;
        var others = section.Entries.Where(entry => entry.Key != key.Name && entry.Key != key.FileTwin);
        return section with { Entries = [.. others, new(written, PlaceOf(name), new ScalarNode(CoreSchema.KindOf(text), text, PlaceOf(name)))] };
    }

    private static MappingNode With(MappingNode section, string key, Node value)
    {
        var others = section.Entries.Where(entry => entry.Key != key);
        return section with { Entries = [.. others, new(key, value.Place, value)] };
    }

    private static string Folded(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));

    private static Place PlaceOf(string name) => new(name, 0, 0);
}
