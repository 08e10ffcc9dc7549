namespace Doorward.Server.Routes.Matching;

internal enum HostPatternKind
{
    Exact,

    /// <summary><c>*.example.com</c>: any one label; from files and Ingress.</summary>
    OneLabel,

    /// <summary><c>*.example.com</c>: one label or more; from the Gateway API.</summary>
    Suffix,

    /// <summary>Every host; from the Gateway API.</summary>
    Any,
}

/// <summary>The hosts that something is for.</summary>
/// <param name="Kind">How the name counts.</param>
/// <param name="Name">The host, or what follows <c>*.</c>, in its one spelling; empty for <see cref="HostPatternKind.Any"/>.</param>
internal readonly record struct HostPattern(HostPatternKind Kind, string Name)
{
    /// <summary>Reads a host or <c>*.</c> and a host; null where it is neither.</summary>
    /// <param name="written">Without a port.</param>
    /// <param name="wildcard">What <c>*.</c> means here.</param>
    public static HostPattern? Parse(string written, HostPatternKind wildcard = HostPatternKind.OneLabel)
    {
        if (written == "*") return new(HostPatternKind.Any, "");
        var starred = written.StartsWith("*.", StringComparison.Ordinal);
        return HostName.Canonical(starred ? written[2..] : written) is { } name
            ? new(starred ? wildcard : HostPatternKind.Exact, name)
            : null;
    }

    /// <summary>Whether any host is one of both.</summary>
    public bool Overlaps(HostPattern other) => (Kind, other.Kind) switch
    {
        (HostPatternKind.Any, _) or (_, HostPatternKind.Any) => true,
        (HostPatternKind.Exact, HostPatternKind.Exact) or (HostPatternKind.OneLabel, HostPatternKind.OneLabel) => Name == other.Name,
        (HostPatternKind.OneLabel, HostPatternKind.Exact) => IsUnder(other.Name, Name) && !other.Name.AsSpan(0, other.Name.Length - Name.Length - 1).Contains('.'),
        (HostPatternKind.Suffix, HostPatternKind.Exact) => IsUnder(other.Name, Name),
        (HostPatternKind.Suffix, HostPatternKind.OneLabel) => Name == other.Name || IsUnder(other.Name, Name),
        (HostPatternKind.Suffix, HostPatternKind.Suffix) => Name == other.Name || IsUnder(other.Name, Name) || IsUnder(Name, other.Name),
        _ => other.Overlaps(this),
    };

    public override string ToString() => Kind switch { HostPatternKind.Exact => Name, HostPatternKind.Any => "*", _ => "*." + Name };

    private static bool IsUnder(string host, string domain) =>
        host.Length > domain.Length + 1 && host[^(domain.Length + 1)] == '.' && host.EndsWith(domain, StringComparison.Ordinal);
}
