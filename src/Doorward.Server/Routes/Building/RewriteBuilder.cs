using System.Text.RegularExpressions;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>What a route makes of the path and the host before it forwards.</summary>
internal sealed class RewriteBuilder(Findings findings)
{
    public PathRewrite? Path(RouteOptions options)
    {
        var expression = Expression(options, options.RegexRewritePattern, nameof(options.RegexRewritePattern),
            options.RegexRewriteSubstitution, nameof(options.RegexRewriteSubstitution));
        if (options.PrefixRewrite is not { } written) return expression is var (pattern, substitution) ? new(null, pattern, substitution) : null;
        var place = options.At(nameof(options.PrefixRewrite));
        if (options.RegexRewritePattern is not null)
            findings.Error("DW2032", "«prefix_rewrite» and «regex_rewrite_pattern» both change the path.", "Keep one of them.", place);
        if (options.Path is not null || options.Regex is not null)
            findings.Error("DW2032", "«prefix_rewrite» replaces «prefix», and this route has none.", "Write «prefix», or «regex_rewrite_pattern» instead.", place);
        if (PathForm.Of(written) is { } prefix) return new(prefix);
        findings.Error("DW2024", $"«{written}» is no path that a request can have.", "Begin with a slash, and write no query.", place);
        return null;
    }

    public HostRewrite Host(RouteOptions options)
    {
        var ways = new List<HostRewrite>();
        if (options.PreserveHostHeader) ways.Add(new(HostRewriteKind.Preserve));
        if (options.HostRewrite is { } host) ways.Add(new(HostRewriteKind.Fixed, FixedHost(host, options)));
        if (options.HostRewriteHeader is { } header) ways.Add(new(HostRewriteKind.FromHeader, header));
        if (Expression(options, options.HostPathRegexRewritePattern, nameof(options.HostPathRegexRewritePattern),
            options.HostPathRegexRewriteSubstitution, nameof(options.HostPathRegexRewriteSubstitution)) is var (pattern, substitution))
            ways.Add(new(HostRewriteKind.FromPath, substitution, pattern));
        if (ways.Count > 1)
            findings.Error("DW2032", "More than one key says which host the upstream sees.",
                "Keep one of «host_rewrite», «host_rewrite_header», «host_path_regex_rewrite_pattern» and «preserve_host_header».", options.Place);
        return ways is [var only, ..] ? only : new(HostRewriteKind.Destination);
    }

    private string FixedHost(string written, RouteOptions options)
    {
        var colon = written.LastIndexOf(':');
        var name = colon > written.LastIndexOf(']') ? written[..colon] : written;
        if (HostName.Canonical(name) is null || (colon == name.Length && !ushort.TryParse(written.AsSpan(colon + 1), out _)))
            findings.Error("DW2033", $"«{written}» is no host.", "Write a name such as internal.example.com, with a port if it needs one.", options.At(nameof(options.HostRewrite)));
        return written;
    }

    private (Regex Pattern, string Substitution)? Expression(RouteOptions options, string? pattern, string patternKey, string? substitution, string substitutionKey)
    {
        if (pattern is null && substitution is null) return null;
        if (pattern is null || substitution is null)
        {
            findings.Error("DW2032", "A pattern and its substitution come together.", "Write both, or neither.", options.At(pattern is null ? substitutionKey : patternKey));
            return null;
        }

        if (!LinearRegex.TryPart(pattern, out var regex, out var reason))
        {
            findings.Error("DW2025", $"«{pattern}» is no regular expression that can be used: {reason}.", "Correct it.", options.At(patternKey));
            return null;
        }

        if (LinearRegex.Substitution(substitution, regex) is { } made) return (regex, made);
        findings.Error("DW2034", $"«{substitution}» refers to a group that the pattern does not have.", @"Write \1 to \9 for groups of the pattern, \0 for all, and \\ for a backslash.", options.At(substitutionKey));
        return null;
    }
}
