namespace Doorward.Server.Proxy.Targets;

/// <summary>
/// What is asked for, in its one normal form: unreserved escapes decoded, the others upper-cased, nothing else changed. It is matched,
/// judged, audited and forwarded; no other form exists behind this type.
/// </summary>
internal readonly struct RequestTarget
{
    private RequestTarget(string text, int pathLength, string? lenientPath, bool hasEncodedSlash)
    {
        Text = text;
        PathLength = pathLength;
        LenientPath = lenientPath;
        HasEncodedSlash = hasEncodedSlash;
    }

    /// <summary>The path in its normal form and the query as it was sent.</summary>
    public string Text { get; }

    public int PathLength { get; }

    /// <summary>
    /// The path as the most forgiving upstream would read it (encoded slashes decoded, <c>;parameters</c> dropped, repeated slashes merged);
    /// null where that is the same. A request whose two readings lead to different routes must be refused.
    /// </summary>
    public string? LenientPath { get; }

    public bool HasEncodedSlash { get; }

    public ReadOnlySpan<char> Path => Text.AsSpan(0, PathLength);

    /// <summary>With its question mark; empty where there is none.</summary>
    public ReadOnlySpan<char> Query => Text.AsSpan(PathLength);

    /// <summary>The path as a string of its own; allocates only where there is a query.</summary>
    public string PathText => PathLength == Text.Length ? Text : Text[..PathLength];

    /// <summary>Whether only Doorward answers here.</summary>
    public bool IsReserved =>
        Path.StartsWith(Product.ReservedPath) && (PathLength == Product.ReservedPath.Length || Text[Product.ReservedPath.Length] == '/');

    /// <summary>Reads an origin-form target (RFC 9112, 3.2.1). Allocates nothing where it is already normal.</summary>
    public static Defect Parse(string raw, out RequestTarget target)
    {
        target = default;
        if (raw.Length == 0 || raw[0] != '/')
            return Defect.TargetForm;
        var pathLength = raw.IndexOf('?');
        if (pathLength < 0)
            pathLength = raw.Length;
        var path = raw.AsSpan(0, pathLength);
        var defect = QueryCheck.Check(raw.AsSpan(pathLength));
        if (defect != Defect.None)
            return defect;
        if (NormalPath.IsPlain(path))
        {
            target = new RequestTarget(raw, pathLength, null, false);
            return Defect.None;
        }

        defect = NormalPath.Normalise(path, out var normal, out var lenient, out var encodedSlash);
        if (defect != Defect.None)
            return defect;
        target = normal is null
            ? new RequestTarget(raw, pathLength, lenient, encodedSlash)
            : new RequestTarget(string.Concat(normal, raw.AsSpan(pathLength)), normal.Length, lenient, encodedSlash);
        return Defect.None;
    }

    /// <summary>The same query behind another path; the result passes the same check.</summary>
    public Defect WithPath(ReadOnlySpan<char> path, out RequestTarget target) => Parse(string.Concat(path, Query), out target);

    public override string ToString() => Text;
}
