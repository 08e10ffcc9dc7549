namespace Doorward.Policy.Documents;

/// <summary>How large a document may be. Beyond, reading stops with a problem: a text that someone else wrote must not exhaust the process.</summary>
public static class DocumentLimits
{
    /// <summary>Levels of mappings and sequences inside each other. A route inside a configuration needs about ten.</summary>
    public const int Depth = 64;

    /// <summary>Mappings, sequences and values together. A configuration of 10,000 routes has about half a million.</summary>
    public const int Nodes = 4_000_000;

    /// <summary>UTF-16 code units of one value. The longest that make sense are bundles of certificates.</summary>
    public const int TextLength = 4 << 20;

    /// <summary>UTF-16 code units of all keys and values together, aliases counted as often as they stand.</summary>
    public const long TotalTextLength = 256 << 20;
}
