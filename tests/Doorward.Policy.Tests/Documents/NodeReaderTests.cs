using CsCheck;
using Doorward.Policy.Documents;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Documents;

public class NodeReaderTests
{
    [Fact]
    public void A_document_becomes_nodes_with_places()
    {
        var node = Assert.IsType<MappingNode>(Json.Read("{'a': [1, true, null],\n 'b': {}}", out var problems));
        Assert.Empty(problems);
        var list = Assert.IsType<SequenceNode>(node["a"]);
        Assert.Equal([ScalarKind.Number, ScalarKind.Boolean, ScalarKind.Null], list.Items.Cast<ScalarNode>().Select(item => item.Kind));
        Assert.Equal(new Place(Json.Source, 2, 7), node["b"]!.Place);
        Assert.Null(node["c"]);
    }

    [Fact]
    public void A_key_written_twice_is_told_and_the_first_stands()
    {
        var node = Assert.IsType<MappingNode>(Json.Read("{'a': 1,\n 'a': {'b': 2}, 'c': 3}", out var problems));
        Assert.Equal(["a", "c"], node.Entries.Select(entry => entry.Key));
        Assert.Equal(("DW0004", 2), (Assert.Single(problems).Id, problems[0].Place.Line));
    }

    [Theory]
    [InlineData('\u0000')]
    [InlineData('\u001B')]
    [InlineData('\u007F')]
    [InlineData('\u0085')]
    [InlineData('\u202E')]
    [InlineData('\u2066')]
    [InlineData('\uFEFF')]
    [InlineData('\uD800')]
    [InlineData('\uDC00')]
    public void Characters_that_deceive_are_told(char letter)
    {
        var problems = new List<Problem>();
        Assert.Null(NodeReader.Read([Scalar("a" + letter)], "s", problems));
        Assert.Equal("DW0006", Assert.Single(problems).Id);
    }

    [Fact]
    public void Ordinary_writing_of_all_the_world_is_read()
    {
        var problems = new List<Problem>();
        Assert.NotNull(NodeReader.Read([Scalar("Grüße, 世界, 😀\t\r\n")], "s", problems));
        Assert.Empty(problems);
    }

    [Fact]
    public void Depth_is_bounded_without_a_stack()
    {
        var problems = new List<Problem>();
        var events = Enumerable.Repeat(Event(DocumentEventKind.SequenceStart), 1_000_000).Concat(Enumerable.Repeat(Event(DocumentEventKind.SequenceEnd), 1_000_000));
        Assert.NotNull(NodeReader.Read(events, "s", problems));
        Assert.Equal("DW0007", Assert.Single(problems).Id);
    }

    [Fact]
    public void Size_is_bounded()
    {
        var problems = new List<Problem>();
        Assert.Null(NodeReader.Read(Forever(), "s", problems));
        Assert.Equal("DW0009", Assert.Single(problems).Id);
        problems.Clear();
        Assert.Null(NodeReader.Read([Scalar(new string('a', DocumentLimits.TextLength + 1))], "s", problems));
        Assert.Equal("DW0008", Assert.Single(problems).Id);
        static IEnumerable<DocumentEvent> Forever()
        {
            yield return Event(DocumentEventKind.SequenceStart);
            while (true) yield return Scalar("lol");
        }
    }

    [Fact]
    public void A_value_as_long_as_may_be_is_read()
    {
        var problems = new List<Problem>();
        Assert.NotNull(NodeReader.Read([Scalar(new string('a', DocumentLimits.TextLength))], "s", problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData(ScalarKind.Null, "", "DW0005")]
    [InlineData(ScalarKind.Text, "a\u202Eb", "DW0006")]
    public void A_key_that_cannot_be_used_goes_with_its_value(ScalarKind kind, string key, string id)
    {
        var problems = new List<Problem>();
        var read = NodeReader.Read([Event(DocumentEventKind.MappingStart), new(DocumentEventKind.Scalar, kind, key, 1, 1), Scalar("x"), Event(DocumentEventKind.MappingEnd)], "s", problems);
        Assert.Empty(Assert.IsType<MappingNode>(read).Entries);
        Assert.Equal(id, Assert.Single(problems).Id);
    }

    [Fact]
    public void Of_a_text_with_a_second_document_nothing_is_read() => Assert.Null(NodeReader.Read([Scalar("x"), Scalar("y")], "s", []));

    [Theory]
    [InlineData(new[] { DocumentEventKind.MappingEnd }, "DW0001")]
    [InlineData(new[] { DocumentEventKind.MappingStart, DocumentEventKind.SequenceEnd }, "DW0001")]
    [InlineData(new[] { DocumentEventKind.MappingStart, DocumentEventKind.Scalar, DocumentEventKind.MappingEnd }, "DW0001")]
    [InlineData(new[] { DocumentEventKind.MappingStart, DocumentEventKind.Scalar }, "DW0002")]
    [InlineData(new[] { DocumentEventKind.Scalar, DocumentEventKind.Scalar }, "DW0003")]
    [InlineData(new[] { DocumentEventKind.MappingStart, DocumentEventKind.SequenceStart, DocumentEventKind.SequenceEnd, DocumentEventKind.Scalar, DocumentEventKind.MappingEnd }, "DW0005")]
    public void Events_out_of_order_are_told(DocumentEventKind[] kinds, string id)
    {
        var problems = new List<Problem>();
        NodeReader.Read(kinds.Select(kind => kind == DocumentEventKind.Scalar ? Scalar("x") : Event(kind)), "s", problems);
        Assert.Equal(id, Assert.Single(problems).Id);
    }

    [Fact]
    public void No_events_whatever_make_it_throw_or_make_the_policy_parser_throw() =>
        Gen.Select(Gen.Enum<DocumentEventKind>(), Gen.Enum<ScalarKind>(), Gen.OneOf(Gen.Const("allow"), Gen.Const("and"), Gen.Const("email"), Gen.Const("x"))).Array[0, 40].Sample(steps =>
        {
            var problems = new List<Problem>();
            var node = NodeReader.Read(steps.Select(step => new DocumentEvent(step.Item1, step.Item2, step.Item3, 1, 1)), "s", problems);
            if (node is not null) _ = ParsedPolicy.Parse("p", node, Policies.Zones, problems);
        }, iter: 20_000);

    private static DocumentEvent Event(DocumentEventKind kind) => new(kind, default, "", 1, 1);

    private static DocumentEvent Scalar(string text) => new(DocumentEventKind.Scalar, ScalarKind.Text, text, 1, 1);
}
