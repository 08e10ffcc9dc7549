using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Checks the transmitters of signals: one with a mistake would not be heard, or would speak about others' people.</summary>
internal static class SignalChecks
{
    private const int ShortestToken = 32;

    public static void Run(ConfigurationOptions options, Findings findings)
    {
        var names = new HashSet<string>();
        foreach (var one in options.Signals)
        {
            if (one.Name.Length is 0 or > 40 || !one.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
                findings.Error("DW2090", $"«{one.Name}» cannot be a transmitter's name.", "Write lower-case letters, digits and dashes, 40 at most.", one.At(nameof(one.Name)));
            else if (!names.Add(one.Name))
                findings.Error("DW2090", $"There are two transmitters «{one.Name}».", "Give one another name.", one.At(nameof(one.Name)));
            if (one.Token is { } token && token.Value.Length < ShortestToken)
                findings.Error("DW2091", $"The token of the transmitter «{one.Name}» is too short to be safe.", "Make one: openssl rand -base64 32", one.At(nameof(one.Token)));
            if (one.Ca is { } ca && !Building.Certificates.IsAuthority(ca.Value))
                findings.Error("DW2092", $"«ca» of «{one.Name}» holds no certificate.", "Put the authority's certificates there, in PEM.", one.At(nameof(one.Ca)));
            if (one.Events.Count == 0)
                findings.Warn("DW2097", $"The transmitter «{one.Name}» names no «events», and so may only take access away.",
                    "Write the types that it may send, also those that give access: events: [ session-revoked, device-compliance-change ]", one.At(nameof(one.Name)));
            for (var i = 0; i < one.Domains.Count; i++)
                if (HostName.Canonical(one.Domains[i]) is null)
                    findings.Error("DW2093", $"«{one.Domains[i]}» is no e-mail domain.", "Write what stands after the @.", one.At(nameof(one.Domains), i));
        }
    }

    /// <summary>Checks what only the whole configuration tells: the providers may stand in other files.</summary>
    public static void Run(IReadOnlyList<SignalOptions> all, IReadOnlySet<string> providers, Findings findings)
    {
        foreach (var one in all)
        {
            for (var i = 0; i < one.Providers.Count; i++)
                if (!providers.Contains(one.Providers[i]))
                    findings.Warn("DW2096", $"The transmitter «{one.Name}» may speak about the people of «{one.Providers[i]}», and there is no such identity provider.",
                        Suggestion.Nearest(one.Providers[i], providers) is { } nearest ? $"Did you mean «{nearest}»?" : "Write it under «identity_providers», or remove it here.", one.At(nameof(one.Providers), i));
        }
    }

    /// <summary>Whoever keeps connections and keys of transmitters keeps them while this is so.</summary>
    public static bool SayTheSame(IReadOnlyList<SignalOptions> some, IReadOnlyList<SignalOptions> others) => some.Select(TextOf).SequenceEqual(others.Select(TextOf));

    private static string TextOf(SignalOptions one) => NodeDigest.Of(one.Node, one.Token?.Value, one.Ca?.Value, one.Verification?.Token?.Value);
}
