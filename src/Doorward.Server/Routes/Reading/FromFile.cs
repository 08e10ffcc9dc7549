namespace Doorward.Server.Routes.Reading;

/// <summary>A value that is written in place, or in a file that <c>..._file</c> names.</summary>
/// <param name="Value">The value, wherever it came from.</param>
/// <param name="File">The file's full path; null for a value written in place.</param>
internal abstract record FromFile(string Value, string? File)
{
    /// <summary>Never the value: whatever is printed can end in a log.</summary>
    public sealed override string ToString() => File is null ? "(secret)" : $"(secret in {File})";
}

/// <summary>A secret; spaces and line ends around it are not part of it.</summary>
internal sealed record Secret(string Value, string? File = null) : FromFile(Value, File);

/// <summary>Certificates or keys in PEM; in place also as the base64 of PEM.</summary>
internal sealed record Pem(string Value, string? File = null) : FromFile(Value, File);

/// <summary>A file that is named by its path, with what it contained when it was read.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Content">Its text.</param>
internal sealed record FileText(string Path, string Content)
{
    public override string ToString() => Path;
}
