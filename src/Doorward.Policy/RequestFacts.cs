namespace Doorward.Policy;

/// <summary>The HTTP request in its normal form.</summary>
public sealed class RequestFacts
{
    /// <summary>The method, as sent.</summary>
    public required string Method { get; init; }

    /// <summary>The host, lower case, without port.</summary>
    public required string Host { get; init; }

    /// <summary>The path in its normal form.</summary>
    public required string Path { get; init; }

    /// <summary>Looks up a header's values by name, ignoring case; none where it was not sent.</summary>
    public Func<string, IReadOnlyList<string>> Header { get; init; } = static _ => [];

    /// <summary>Looks up a query parameter's values by name, unescaped; none where it was not sent.</summary>
    public Func<string, IReadOnlyList<string>> Query { get; init; } = static _ => [];
}
