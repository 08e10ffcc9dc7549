using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Doorward.Policy;
using Doorward.Policy.Documents;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Doorward.Server.Routes;

/// <summary>
/// The events of one YAML document. Lazy, so that whoever reads them can stop a bomb early; balanced whatever the text is:
/// after a mistake that the parser cannot pass, everything open is closed.
/// </summary>
/// <param name="text">The text, free of forbidden characters.</param>
/// <param name="source">The name that places carry.</param>
/// <param name="problems">Gains what is wrong, while the events are read.</param>
internal sealed class YamlEvents(string text, string source, ICollection<Problem> problems) : IEnumerable<DocumentEvent>
{
    public IEnumerator<DocumentEvent> GetEnumerator()
    {
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        var open = new Stack<Open>();
        var documents = 0;
        while (TryNext(parser, out var next))
        {
            if (next is DocumentStart && ++documents > 1)
            {
                Report("DW0013", "A second document begins here; one is read.", "Write one document a file: remove the line of three dashes, or split it.", next.Start);
                break;
            }

            if (Translate(next, open) is { } translated) yield return translated;

            // The reader has told of the depth by now; the parser's time grows with its square.
            if (open.Count > DocumentLimits.Depth) break;
        }

        while (open.TryPeek(out var innermost))
        {
            if (innermost == Open.MappingValue) yield return Advance(open, new(DocumentEventKind.Scalar, ScalarKind.Null, "", 0, 0));
            yield return Advance(open, new(open.Peek() == Open.Sequence ? DocumentEventKind.SequenceEnd : DocumentEventKind.MappingEnd, default, "", 0, 0));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The parser throws whatever comes to hand on malformed text: YamlException mostly, but InvalidOperationException and
    // ArgumentException as well. Only its own have a place and words that a writer understands.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "No text may throw past here.")]
    private bool TryNext(Parser parser, [NotNullWhen(true)] out ParsingEvent? next)
    {
        next = null;
        try
        {
            if (parser.MoveNext()) next = parser.Current;
        }
        catch (YamlException broken)
        {
            Report("DW0012", $"This is not YAML: {broken.Message}", "Check indentation, colons and quotes here and just above.", broken.Start);
        }
        catch (Exception)
        {
            Report("DW0012", "This is not YAML.", "Check indentation, colons and quotes here and just above.", parser.Current?.End ?? Mark.Empty);
        }

        return next is not null;
    }

    private DocumentEvent? Translate(ParsingEvent parsed, Stack<Open> open)
    {
        if (parsed is NodeEvent node) CheckProperties(node);
        return parsed switch
        {
            MappingStart => Advance(open, At(parsed, DocumentEventKind.MappingStart)),
            SequenceStart => Advance(open, At(parsed, DocumentEventKind.SequenceStart)),
            MappingEnd => Advance(open, At(parsed, DocumentEventKind.MappingEnd)),
            SequenceEnd => Advance(open, At(parsed, DocumentEventKind.SequenceEnd)),
            Scalar scalar => Advance(open, Typed(scalar, isKey: open.TryPeek(out var innermost) && innermost == Open.MappingKey)),
            AnchorAlias => Advance(open, Alias(parsed)),
            _ => null,
        };
    }

    // Keys are text however they are spelled: JSON knows no others, and `1:` must equal `"1":`.
    private static DocumentEvent Typed(Scalar scalar, bool isKey)
    {
        var plain = scalar.Style == ScalarStyle.Plain && (!isKey || scalar.Value.Length == 0);
        var kind = plain ? CoreSchema.KindOf(scalar.Value) : ScalarKind.Text;
        var value = kind == ScalarKind.Boolean ? scalar.Value.ToLowerInvariant() : scalar.Value;
        return At(scalar, DocumentEventKind.Scalar) with { Scalar = kind, Text = value };
    }

    // A few lines of anchors and aliases can stand for gigabytes, and a policy must say what it says where it says it.
    private DocumentEvent Alias(ParsingEvent parsed)
    {
        Report("DW0014", "This is an alias; aliases are not read.", "Write the value out.", parsed.Start);
        return At(parsed, DocumentEventKind.Scalar) with { Scalar = ScalarKind.Null };
    }

    private void CheckProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            Report("DW0014", "This is an anchor; anchors are not read.", "Remove the word that begins with &.", node.Start);
        if (!node.Tag.IsEmpty)
            Report("DW0015", "This value has a tag; tags are not read.", "Remove the word that begins with !, and quote the value if it is meant as text.", node.Start);
    }

    private static DocumentEvent Advance(Stack<Open> open, DocumentEvent next)
    {
        if (next.Kind is DocumentEventKind.MappingEnd or DocumentEventKind.SequenceEnd) open.Pop();
        if (next.Kind is DocumentEventKind.MappingStart or DocumentEventKind.SequenceStart)
            open.Push(next.Kind == DocumentEventKind.MappingStart ? Open.MappingKey : Open.Sequence);
        else if (open.TryPop(out var innermost))
            open.Push(innermost switch { Open.MappingKey => Open.MappingValue, Open.MappingValue => Open.MappingKey, _ => innermost });
        return next;
    }

    private static DocumentEvent At(ParsingEvent parsed, DocumentEventKind kind) =>
        new(kind, default, "", (int)parsed.Start.Line, (int)parsed.Start.Column);

    private void Report(string id, string message, string cure, Mark mark) =>
        problems.Add(new(id, Severity.Error, message, cure, new(source, (int)mark.Line, (int)mark.Column)));

    /// <summary>What an open collection expects next.</summary>
    private enum Open
    {
        Sequence,
        MappingKey,
        MappingValue,
    }
}
