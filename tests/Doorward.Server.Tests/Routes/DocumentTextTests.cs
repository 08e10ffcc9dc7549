using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes;

namespace Doorward.Server.Tests.Routes;

public sealed class DocumentTextTests
{
    [Theory]
    [InlineData("x", ScalarKind.Text)]
    [InlineData("yes", ScalarKind.Text)]
    [InlineData("on", ScalarKind.Text)]
    [InlineData("'1'", ScalarKind.Text)]
    [InlineData("\"true\"", ScalarKind.Text)]
    [InlineData("1.2.3", ScalarKind.Text)]
    [InlineData("2026-01-01", ScalarKind.Text)]
    [InlineData("12:30:45", ScalarKind.Text)]
    [InlineData("1_000", ScalarKind.Text)]
    [InlineData("0777", ScalarKind.Number)]
    [InlineData("-1.5e3", ScalarKind.Number)]
    [InlineData("0x1F", ScalarKind.Number)]
    [InlineData("0o17", ScalarKind.Number)]
    [InlineData(".inf", ScalarKind.Number)]
    [InlineData("True", ScalarKind.Boolean)]
    [InlineData("false", ScalarKind.Boolean)]
    [InlineData("~", ScalarKind.Null)]
    [InlineData("Null", ScalarKind.Null)]
    [InlineData("", ScalarKind.Null)]
    public void A_plain_value_has_the_type_of_the_core_schema(string written, ScalarKind kind) =>
        Assert.Equal(kind, Assert.IsType<ScalarNode>(Assert.IsType<MappingNode>(ReadWell($"a: {written}"))["a"]).Kind);

    [Fact]
    public void Keys_are_text_however_they_are_spelled()
    {
        var mapping = Assert.IsType<MappingNode>(ReadWell("1: a\ntrue: b\n\"2\": c"));
        Assert.Equal(["1", "true", "2"], mapping.Entries.Select(entry => entry.Key));
    }

    [Theory]
    [InlineData("a: 'x", "DW0012", 1)]
    [InlineData("a: b: c", "DW0012", 1)]
    [InlineData("a:\n\tb: 1", "DW0012", 1)]
    [InlineData("a: @x", "DW0012", 1)]
    [InlineData("a: \"\\ud83d\"", "DW0012", 1)]
    [InlineData("x: 1\na: \u0001", "DW0011", 2)]
    [InlineData("x: 1\r\na: \u2028", "DW0011", 2)]
    [InlineData("a: 1 # \u202e", "DW0011", 1)]
    [InlineData(": 1", "DW0005", 1)]
    [InlineData("a: 1\na: 2", "DW0004", 2)]
    [InlineData("{\"a\": 1,\n\"a\": 2}", "DW0004", 2)]
    [InlineData("? [a]\n: b", "DW0005", 1)]
    [InlineData("a: 1\n---\nb: 2", "DW0013", 2)]
    [InlineData("a: \"\\u0000\"", "DW0006", 1)]
    [InlineData("a: &x 1", "DW0014", 1)]
    [InlineData("a: 1\nb: *x", "DW0014", 2)]
    [InlineData("a: !!str 1", "DW0015", 1)]
    [InlineData("a: !<x> 1", "DW0015", 1)]
    public void What_cannot_be_read_is_a_problem_with_its_line(string text, string id, int line)
    {
        var problems = new List<Problem>();
        DocumentText.Read(text, "file.yaml", problems);
        var problem = Assert.Single(problems);
        Assert.Equal(id, problem.Id);
        Assert.Equal(line, problem.Place.Line);
        Assert.True(problem.Place.Column > 0);
        Assert.NotEmpty(problem.Cure);
    }

    [Fact]
    public void A_text_that_is_too_long_is_not_read()
    {
        var problems = new List<Problem>();
        Assert.Null(DocumentText.Read(new string('a', 11), "file.yaml", problems, maxLength: 10));
        Assert.Equal("DW0010", Assert.Single(problems).Id);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("{a: ")]
    public void A_bomb_of_nesting_is_a_problem(string opening)
    {
        var problems = new List<Problem>();
        var text = new StringBuilder().Insert(0, opening, DocumentText.DefaultMaxLength / opening.Length).ToString();
        DocumentText.Read(text, "bomb.yaml", problems);
        Assert.NotEmpty(problems);
        Assert.InRange(problems.Count, 1, 10);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        var mapping = Assert.IsType<MappingNode>(ReadWell("\uFEFFa: 1"));
        Assert.Equal("a", Assert.Single(mapping.Entries).Key);
    }

    [Fact]
    public void Nothing_written_is_nothing_and_no_problem()
    {
        Assert.Null(ReadWell(""));
        Assert.Null(ReadWell("# only words\n"));
    }

    /// <summary>JSON is read as YAML; this is why that is exact.</summary>
    [Fact]
    public void Every_json_text_means_what_json_says() => Json().Sample(
        json =>
        {
            foreach (var options in _styles)
            {
                var node = ReadWell(json?.ToJsonString(options) ?? "null");
                Assert.Equal(Canonical(json), Canonical(node));
            }
        },
        iter: 3000);

    /// <summary>Half of the characters are those that YAML gives a meaning.</summary>
    [Fact]
    public void No_text_throws() =>
        Gen.Frequency((1, Gen.String), (3, Gen.OneOf("a", "b: ", "- ", "\n", "  ", ":", "{", "}", "[", "]", ",", "\"", "'", "|", ">", "&a", "*a", "!", "#", "%", "---", "? ", "\t", "\\u", "\ud83d", "\0").Array[0, 30].Select(string.Concat)))
            .Sample(text => DocumentText.Read(text, "any", []), iter: 20_000);

    private static readonly JsonSerializerOptions[] _styles =
    [
        new() { WriteIndented = false },
        new() { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1 },
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping },
    ];

    private static readonly Gen<string> _text = Gen.String[Gen.Frequency((8, Gen.Char[' ', '~']), (1, Gen.Char['\u00a0', '\u2027']), (1, Gen.Const('\n'))), 0, 20];

    private static Gen<JsonNode?> Json() => Gen.Recursive<JsonNode?>((depth, inner) => depth > 3
        ? Leaf()
        : Gen.Frequency(
            (2, Leaf()),
            (1, inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray(items))),
            (1, Gen.Select(_text, inner).Array[0, 4].Select(entries => (JsonNode?)new JsonObject(
                entries.DistinctBy(entry => entry.Item1).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2)))))));

    private static Gen<JsonNode?> Leaf() => Gen.OneOf(
        _text.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Int.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Const((JsonNode?)null));

    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(",", list.Select(Canonical))}]",
        JsonObject map => $"{{{string.Join(",", map.Select(entry => $"{entry.Key}={Canonical(entry.Value)}"))}}}",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => $"Text:{node.GetValue<string>()}",
            JsonValueKind.Number => $"Number:{node.ToJsonString()}",
            _ => $"Boolean:{node.ToJsonString()}",
        },
    };

    private static string Canonical(Node? node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Null } => "null",
        ScalarNode scalar => $"{scalar.Kind}:{scalar.Text}",
        SequenceNode list => $"[{string.Join(",", list.Items.Select(Canonical))}]",
        MappingNode map => $"{{{string.Join(",", map.Entries.Select(entry => $"{entry.Key}={Canonical(entry.Value)}"))}}}",
        _ => "nothing",
    };

    private static Node? ReadWell(string text)
    {
        var problems = new List<Problem>();
        var node = DocumentText.Read(text, "file.yaml", problems);
        Assert.Empty(problems);
        return node;
    }
}
