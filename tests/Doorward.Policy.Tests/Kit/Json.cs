using System.Text;
using System.Text.Json;
using Doorward.Policy.Documents;

namespace Doorward.Policy.Tests.Kit;

/// <summary>Turns JSON into document events, so that these tests need no YAML.</summary>
internal static class Json
{
    public const string Source = "policy.json";

    /// <summary>JSON in which ' stands for ", and the problems of reading it as a document.</summary>
    public static Node Read(string json, out List<Problem> problems)
    {
        problems = [];
        return NodeReader.Read(Events(json), Source, problems)!;
    }

    public static List<DocumentEvent> Events(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json.Replace('\'', '"'));
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 1_000 });
        var events = new List<DocumentEvent>();
        var (line, lineStart, last) = (1, 0, 0);
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            var passed = utf8.AsSpan(last, start - last);
            line += passed.Count((byte)'\n');
            if (passed.LastIndexOf((byte)'\n') is >= 0 and var end) lineStart = last + end + 1;
            last = start;
            var column = start - lineStart + 1;
            events.Add(reader.TokenType switch
            {
                JsonTokenType.StartObject => new(DocumentEventKind.MappingStart, default, "", line, column),
                JsonTokenType.EndObject => new(DocumentEventKind.MappingEnd, default, "", line, column),
                JsonTokenType.StartArray => new(DocumentEventKind.SequenceStart, default, "", line, column),
                JsonTokenType.EndArray => new(DocumentEventKind.SequenceEnd, default, "", line, column),
                _ => new(DocumentEventKind.Scalar, Kind(reader.TokenType), Text(ref reader), line, column),
            });
        }

        return events;
    }

    private static ScalarKind Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.Number => ScalarKind.Number,
        JsonTokenType.True or JsonTokenType.False => ScalarKind.Boolean,
        JsonTokenType.Null => ScalarKind.Null,
        _ => ScalarKind.Text,
    };

    private static string Text(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
}
