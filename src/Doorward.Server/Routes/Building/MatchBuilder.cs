using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>From <c>from</c>, <c>path</c>, <c>prefix</c> and <c>regex</c> to what a route matches.</summary>
/// <param name="ownUrl">Doorward's own address; its host may not be a route.</param>
/// <param name="findings">Gains what is wrong.</param>
internal sealed class MatchBuilder(Uri? ownUrl, Findings findings)
{
    private static readonly SearchValues<char> NoAuthority = SearchValues.Create("/?#@\\ ");

    /// <summary>In characters: no sensible prefix is longer, and the table walks prefixes element by element.</summary>
    private const int MaxPath = 2000;

    /// <summary>Builds the match.</summary>
    /// <returns>Null where not even the host is known. Where the path is not known, the whole host: whoever cannot be placed exactly must not leave a gap.</returns>
    public RouteMatch? Build(RouteOptions options)
    {
        if (Authority(options) is not var (host, port)) return null;
        var match = new RouteMatch(host, port);
        var written = new[] { options.Path, options.Prefix, options.Regex }.Count(one => one is not null);
        if (written > 1)
        {
            findings.Error("DW2022", "A route has one of «path», «prefix» and «regex».", "Keep one of them.", options.Place);
            return match;
        }

        if (options.Path is { } path && Path(path, options, nameof(options.Path)) is { } exact) return match with { Path = exact };
        if (options.Prefix is { } prefix && Path(prefix, options, nameof(options.Prefix)) is { } whole) return match with { Prefix = whole.TrimEnd('/') };
        if (options.Regex is { } regex && Expression(regex, options) is { } expression) return match with { Regex = expression };
        return match;
    }

    private (HostPattern Host, int? Port)? Authority(RouteOptions options)
    {
        // Missing is told by the reader.
        if (options.From.Length == 0) return null;
        var place = options.At(nameof(options.From));
        var scheme = options.From.Split("://")[0];
        if (scheme is "tcp+https" or "udp+https" or "ssh")
        {
            findings.Error("DW2021", $"«{options.From}»: routes for {scheme} are not there yet.", "Remove the route, or write an https route.", place);
            return null;
        }

        if (scheme != "https" && !(scheme == "http" && ownUrl?.Scheme == "http"))
        {
            findings.Error("DW2020", $"«{options.From}» does not begin with https://.", "Write, for example: from: https://app.example.com", place);
            return null;
        }

        var authority = options.From[(scheme.Length + 3)..];
        if (authority.EndsWith('/')) authority = authority[..^1];
        if (authority.AsSpan().ContainsAny(NoAuthority))
        {
            findings.Error("DW2020", $"«{options.From}» has more than a host and a port.", "Write the path as «prefix» or «path».", place);
            return null;
        }

        var colon = authority.LastIndexOf(':');
        int? port = null;
        if (colon > authority.LastIndexOf(']'))
        {
            if (!int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > 65535)
            {
                findings.Error("DW2020", $"«{options.From}» has no valid port.", "Write a number from 1 to 65535, or nothing for any port.", place);
                return null;
            }

            port = number;
            authority = authority[..colon];
        }

        if (authority == "*" || HostPattern.Parse(authority) is not { } host)
        {
            findings.Error("DW2020", $"«{authority}» is no host name.", "Write a name such as app.example.com, or *.example.com for any one label.", place);
            return null;
        }

        if (ownUrl is not null && host == HostPattern.Parse(ownUrl.Host))
        {
            findings.Error("DW2023", $"«{host}» is Doorward's own host, where people sign in; no route may stand on it.",
                "Give the route, or Doorward («url»), another host.", place);
        }

        return (host, port);
    }

    private string? Path(string written, RouteOptions options, string property)
    {
        if (written.Length <= MaxPath && PathForm.Of(written) is { } path) return path;
        findings.Error("DW2024", $"«{written}» is no path that a request can have.",
            "Begin with a slash; write no query, no dot segments and no spaces, and escape with %XX where needed.", options.At(property));
        return null;
    }

    private Regex? Expression(string written, RouteOptions options)
    {
        if (LinearRegex.TryWhole(written, out var regex, out var reason)) return regex;
        findings.Error("DW2025", $"«{written}» is no regular expression that can be used: {reason}.", "Correct it, or use «prefix».", options.At(nameof(options.Regex)));
        return null;
    }
}
