namespace Doorward.Policy.Documents;

/// <summary>What a <see cref="DocumentEvent"/> announces.</summary>
public enum DocumentEventKind
{
    /// <summary>A mapping begins; keys and values follow in turn.</summary>
    MappingStart,

    /// <summary>The mapping ends.</summary>
    MappingEnd,

    /// <summary>A sequence begins.</summary>
    SequenceStart,

    /// <summary>The sequence ends.</summary>
    SequenceEnd,

    /// <summary>A single value.</summary>
    Scalar,
}

/// <summary>The type that a scalar has by its spelling (YAML 1.2 core schema; JSON's own types).</summary>
public enum ScalarKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number; <see cref="DocumentEvent.Text"/> holds its spelling.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>null</c>, or nothing written.</summary>
    Null,
}

/// <summary>
/// One step through a YAML or JSON document. The engine reads these instead of text, so that it needs no YAML package:
/// whoever calls it turns text into events.
/// </summary>
/// <param name="Kind">What the event announces.</param>
/// <param name="Scalar">The scalar's type; only for <see cref="DocumentEventKind.Scalar"/>.</param>
/// <param name="Text">The scalar's text, unescaped; empty otherwise.</param>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Column">The column where it begins, from 1.</param>
public readonly record struct DocumentEvent(DocumentEventKind Kind, ScalarKind Scalar, string Text, int Line, int Column);
