using Doorward.Policy.Documents;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>The settings as they count: for each key that is wrong, what was in force before.</summary>
internal static class SettingsInForce
{
    private static readonly SectionShape Shape = SectionShape.Of(typeof(ConfigurationOptions));

    // Objects with names have last good ones of their own.
    private static readonly KeyShape[] Keys = [.. Shape.Keys.Where(key => key.Property.DeclaringType == typeof(ConfigurationOptions))];

    // Where it listens, where it keeps what, how much it says: two nodes on one machine must differ in some of it.
    private static readonly string[] OfTheNode = ["listeners", "store", "audit", "log"];

    /// <summary>Puts the last good in place of what is wrong.</summary>
    public static ConfigurationOptions Of(ConfigurationOptions written, IReadOnlySet<string> faulty, ConfigurationOptions? previous)
    {
        var stale = Keys.Where(key => faulty.Contains(key.Name)).ToList();
        if (previous is null || stale.Count == 0) return written;
        var inForce = written with { Node = WithEntriesOf(written.Node!, previous.Node!, stale) };
        foreach (var key in stale) key.Property.SetValue(inForce, key.Property.GetValue(previous));
        return inForce;
    }

    /// <summary>Tells whether the settings differ, secrets and objects apart.</summary>
    public static string Digest(ConfigurationOptions settings) => NodeDigest.Of(null, [.. Digests(settings).Select(digest => digest.Key + digest.Value)]);

    /// <summary>As <see cref="Digest"/>, without what each node has of its own.</summary>
    public static string SharedDigest(ConfigurationOptions settings) =>
        NodeDigest.Of(null, [.. Digests(settings).Where(digest => !OfTheNode.Contains(digest.Key)).Select(digest => digest.Key + digest.Value)]);

    /// <summary>What is written, key by key in their order, as digests; secrets and objects apart.</summary>
    public static IReadOnlyDictionary<string, string> Digests(ConfigurationOptions settings)
    {
        // Chosen before secrets are taken out: there may be a hundred thousand routes.
        var chosen = settings.Node! with { Entries = [.. settings.Node.Entries.Where(entry => Array.Exists(Keys, key => Says(entry, key)))] };
        return ((MappingNode)Redaction.Of(chosen, typeof(ConfigurationOptions))!).Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => NodeDigest.Of(entry.Value));
    }

    private static MappingNode WithEntriesOf(MappingNode written, MappingNode previous, List<KeyShape> stale)
    {
        bool IsStale(MappingEntry entry) => stale.Exists(key => Says(entry, key));
        return written with { Entries = [.. written.Entries.Where(entry => !IsStale(entry)), .. previous.Entries.Where(IsStale)] };
    }

    /// <summary>Whether an entry says the key's value, itself or by naming a file with it.</summary>
    private static bool Says(MappingEntry entry, KeyShape key) => key.Name == entry.Key || key.FileTwin == entry.Key;
}
