using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Reload;

namespace Doorward.Server.Console.Administration;

/// <summary>Policies by their digests: those in force, and those of before, compiled again from what the store kept of them.</summary>
internal sealed class FormerPolicies(PolicyArchive archive, CurrentConfiguration configuration)
{
    /// <summary>What their places name.</summary>
    public const string Source = "the policy of then";

    /// <summary>
    /// The policy of a digest; null where it was not kept. Also where what was kept is another: the digest stands in the chain, the text
    /// beside it in the store.
    /// </summary>
    public async Task<EffectivePolicy?> FindAsync(string digest, CancellationToken cancellation)
    {
        if (EffectivePolicy.DenyAll.Digest == digest) return EffectivePolicy.DenyAll;
        // One that is in force may not be in the store yet.
        if (configuration.Value.Routes.FirstOrDefault(route => route.Policy.Digest == digest) is { } route) return route.Policy;
        return await archive.FindAsync(digest, cancellation) is { } text && Read(text) is { } policy && policy.Digest == digest ? policy : null;
    }

    private static EffectivePolicy? Read(string text)
    {
        var problems = new List<Problem>();
        if (DocumentText.Read(text, Source, problems, int.MaxValue) is not MappingNode { } document) return null;
        var (policies, guardrails) = (Parsed(document, "policies", "policy", problems), Parsed(document, "guardrails", "guardrail", problems));
        return policies.Contains(null) || guardrails.Contains(null) ? null : EffectivePolicy.Compile(policies!, guardrails!);
    }

    // The canonical text has no names, so that policies that say the same are the same: they are counted.
    private static List<ParsedPolicy?> Parsed(MappingNode document, string key, string word, List<Problem> problems) => document[key] is SequenceNode list
        ? [.. list.Items.Select((node, i) => ParsedPolicy.Parse(list.Items.Count == 1 ? word : $"{word} {i + 1}", node, TimeZones.Find, problems))]
        : [];
}
