namespace Doorward.Server.Routes.Reading;

/// <summary>
/// Marks a property that the operator may write. Together with the property's type, initial value and summary it is the only
/// source of the reader, of docs/configuration.md and of the editors' schema.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute : Attribute
{
    /// <summary>The key; the property's name in snake case by default.</summary>
    public string? Name { get; init; }

    public bool Required { get; init; }

    /// <summary>Whether the text is a path: then it is relative to the file it stands in, not to where the server was started.</summary>
    public bool Path { get; init; }

    /// <summary>What may stand after the key, in YAML.</summary>
    public required string Example { get; init; }

    /// <summary>The default in words, where the property's initial value does not say it.</summary>
    public string? Default { get; init; }

    /// <summary>Where the default comes from.</summary>
    public string? Origin { get; init; }

    /// <summary>The smallest value that means something, spelled as the operator would; for numbers, durations and sizes.</summary>
    public string? Min { get; init; }

    /// <summary>The largest value that means something.</summary>
    public string? Max { get; init; }
}

/// <summary>Names a section for messages and for the reference.</summary>
/// <param name="noun">With its article: <c>a route</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SectionAttribute(string noun) : Attribute
{
    public string Noun => noun;
}

/// <summary>Another spelling of an enumeration's value, kept for files that come from elsewhere.</summary>
/// <param name="spelling">As it is written.</param>
[AttributeUsage(AttributeTargets.Field, AllowMultiple = true)]
internal sealed class AliasAttribute(string spelling) : Attribute
{
    public string Spelling => spelling;
}
