using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Loading;

/// <summary>
/// Finds the object in which a mistake of the document stands. The node reader leaves out what it cannot read, so what is left may
/// look whole: a route whose second «policy» is gone. It must count as faulty.
/// </summary>
internal static class Blame
{
    private static readonly FrozenSet<string> Local = FrozenSet.Create("DW0004", "DW0005", "DW0006", "DW0007", "DW0008", "DW0014", "DW0015", "DW0016");

    /// <summary>Whether a mistake touches the value it stands in, and nothing behind it. After any other, nothing in the text is certain.</summary>
    public static bool IsLocal(Problem mistake) => Local.Contains(mistake.Id) || mistake.Severity == Severity.Warning;

    /// <summary>Whether every object that is written became one: a route that is no mapping is no route, and what it was meant to be nobody knows.</summary>
    public static bool IsWhole(SharedOptions options) =>
        Count(options, nameof(options.Routes)) == options.Routes.Count
        && Count(options, nameof(options.Guardrails)) == options.Guardrails.Count
        && Count(options, nameof(options.IdentityProviders)) == options.IdentityProviders.Count
        && options.Node![SectionShape.Of(typeof(SharedOptions)).KeyOf(nameof(options.Policies))] is null or MappingNode or ScalarNode { Kind: ScalarKind.Null };

    /// <summary>Marks what the mistakes touch.</summary>
    /// <returns>The options with the marks; null where the document itself is touched, so that the file as a whole cannot be believed.</returns>
    public static T? Apply<T>(T options, IReadOnlyList<Problem> mistakes)
        where T : SharedOptions
    {
        foreach (var mistake in mistakes)
        {
            if (options.Node is not { } document || Entry(document, mistake.Place) is not { } entry) return null;
            options = options with
            {
                Faulty = true,
                FaultyKeys = options.FaultyKeys.Append(entry.Key).ToFrozenSet(),
                Routes = Mark(options.Routes, entry, mistake.Place),
                Guardrails = Mark(options.Guardrails, entry, mistake.Place),
                IdentityProviders = Mark(options.IdentityProviders, entry, mistake.Place),
                Policies = Without(options.Policies, entry, mistake.Place),
            };
        }

        return options;
    }

    private static int Count(SharedOptions options, string property) => options.Node![SectionShape.Of(typeof(SharedOptions)).KeyOf(property)] switch
    {
        null or ScalarNode { Kind: ScalarKind.Null } => 0,
        SequenceNode list => list.Items.Count,
        _ => -1,
    };

    // A mistake in the column of the keys is one of the document itself, such as a second «routes».
    private static MappingEntry? Entry(MappingNode document, Place mistake) =>
        document.Entries.LastOrDefault(entry => entry.KeyPlace.Line > 0 && Before(entry.KeyPlace, mistake)) is { } entry
        && mistake.Column > entry.KeyPlace.Column ? entry : null;

    private static IReadOnlyList<T> Mark<T>(IReadOnlyList<T> sections, MappingEntry entry, Place mistake)
        where T : Section
    {
        if (sections.Count == 0 || sections[0].Place.Line == 0 || !Within(sections[0], entry)) return sections;
        var last = sections.LastOrDefault(section => Before(section.Place, mistake));
        return last is null ? sections : [.. sections.Select(section => ReferenceEquals(section, last) ? section with { Faulty = true } : section)];
    }

    private static IReadOnlyDictionary<string, Node> Without(IReadOnlyDictionary<string, Node> policies, MappingEntry entry, Place mistake)
    {
        if (entry.Value is not MappingNode mapping || entry.Key != SectionShape.Of(typeof(SharedOptions)).KeyOf(nameof(SharedOptions.Policies))) return policies;
        var last = mapping.Entries.LastOrDefault(policy => Before(policy.KeyPlace, mistake));
        // An empty text is no policy: the one of that name is then told to be wrong, and stays known.
        return last is null ? policies : policies.Select(policy => policy.Key == last.Key
            ? new(policy.Key, new ScalarNode(ScalarKind.Null, "", policy.Value.Place)) : policy).ToDictionary();
    }

    private static bool Within<T>(T section, MappingEntry entry)
        where T : Section => entry.Value is SequenceNode list && list.Items.Any(item => ReferenceEquals(item, section.Node));

    private static bool Before(Place at, Place mistake) => (at.Line, at.Column).CompareTo((mistake.Line, mistake.Column)) <= 0;
}
