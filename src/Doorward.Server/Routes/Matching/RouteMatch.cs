using System.Text.RegularExpressions;

namespace Doorward.Server.Routes.Matching;

/// <summary>What a route matches. At most one of path, prefix and regex; with none of them every path of the host.</summary>
/// <param name="Host">The hosts.</param>
/// <param name="Port">The port that <c>from</c> names; null for any.</param>
/// <param name="Path">The exact path, in the normal form of request targets.</param>
/// <param name="Prefix">The prefix, by whole path elements, in the same form, without a slash at its end.</param>
/// <param name="Regex">The whole path; anchored, linear-time.</param>
internal sealed record RouteMatch(HostPattern Host, int? Port = null, string? Path = null, string? Prefix = null, Regex? Regex = null)
{
    /// <summary>Two routes of the same key match the same requests. Of regular expressions only the text is compared.</summary>
    public string Key => $"{Host.Kind} {this}";

    /// <summary>As people would say it: <c>app.example.com/api</c>.</summary>
    public override string ToString() =>
        Host + (Port is { } port ? $":{port}" : "") + (Path is not null ? "=" + Path : Regex is not null ? "~" + Regex : Prefix);
}
