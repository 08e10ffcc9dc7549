using System.Globalization;
using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Cases;

/// <summary>The entries of a mapping, taken by name. What is null counts as left out; what nobody took is a problem.</summary>
internal sealed class Fields
{
    private readonly HashSet<string> _known = [];
    private readonly MappingNode _node;
    private readonly string _what;
    private readonly ICollection<Problem> _problems;

    private Fields(MappingNode node, string what, ICollection<Problem> problems) => (_node, _what, _problems) = (node, what, problems);

    public Place Place => _node.Place;

    /// <summary>Reads a mapping.</summary>
    /// <param name="node">The node; nothing where null.</param>
    /// <param name="what">What it is, in the writer's words.</param>
    /// <param name="problems">Gains every problem found.</param>
    /// <param name="read">Takes the entries.</param>
    /// <returns>What was read; the default where there is no mapping.</returns>
    public static T? Read<T>(Node? node, string what, ICollection<Problem> problems, Func<Fields, T?> read)
    {
        if (node is null or ScalarNode { Kind: ScalarKind.Null }) return default;
        if (node is not MappingNode mapping)
        {
            problems.Add(Wrong(node.Place, what, "a mapping, key: value"));
            return default;
        }

        var fields = new Fields(mapping, what, problems);
        var result = read(fields);
        fields.ReportUnknown();
        return result;
    }

    public bool Has(string key) => _node.Entries.Any(entry => entry.Key == key);

    /// <summary>Every entry, under names that the writer chooses.</summary>
    public IEnumerable<MappingEntry> All()
    {
        _known.UnionWith(_node.Entries.Select(entry => entry.Key));
        return _node.Entries;
    }

    public Node? Take(string key)
    {
        _known.Add(key);
        return _node[key] is { } node and not ScalarNode { Kind: ScalarKind.Null } ? node : null;
    }

    public T? Read<T>(string key, Func<Fields, T?> read) => Read(Take(key), $"«{key}»", _problems, read);

    public T? Nested<T>(Node node, string what, Func<Fields, T?> read) => Read(node, what, _problems, read);

    public string? Text(string key) => Scalar(key, ScalarKind.Text, "a text; put it in quotes", text => text);

    public bool? Flag(string key) => Scalar<bool?>(key, ScalarKind.Boolean, "true or false", text => text == "true");

    public DateTimeOffset? Instant(string key) => Scalar(key, ScalarKind.Text, "an instant such as 2026-01-31T09:30:00Z", ParseInstant);

    public IReadOnlyList<string>? Texts(string key) => Take(key) is { } node ? Texts(node, $"«{key}»") : null;

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<string> Texts(Node node, string what)
    {
        var nodes = node is SequenceNode list ? list.Items : [node];
        foreach (var wrong in nodes.Where(item => item is not ScalarNode { Kind: ScalarKind.Text }))
            _problems.Add(Wrong(wrong.Place, what, "a list of texts; put each in quotes"));
        return [.. nodes.OfType<ScalarNode>().Select(item => item.Text)];
    }

    public T? OneOf<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct =>
        Scalar<T?>(key, ScalarKind.Text, $"one of {string.Join(", ", words.Keys)}", text => words.TryGetValue(text, out var word) ? word : null);

    public void Report(Node node, string key, string wanted) => _problems.Add(Wrong(node.Place, $"«{key}»", wanted));

    /// <summary>An instant in UTC; a date alone is its midnight.</summary>
    public static DateTimeOffset? ParseInstant(string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant.ToUniversalTime()
            : null;

    private T? Scalar<T>(string key, ScalarKind kind, string wanted, Func<string, T?> convert)
    {
        var node = Take(key);
        if (node is null) return default;
        if (node is ScalarNode scalar && scalar.Kind == kind && convert(scalar.Text) is { } value) return value;
        Report(node, key, wanted);
        return default;
    }

    private static Problem Wrong(Place place, string what, string wanted) =>
        new("DW7102", Severity.Error, $"{what} is not what is expected here.", $"Write {wanted}.", place);

    private void ReportUnknown()
    {
        foreach (var entry in _node.Entries.Where(entry => !_known.Contains(entry.Key)))
            _problems.Add(new("DW7101", Severity.Error, $"«{entry.Key}» is not known in {_what}.", $"Write one of {string.Join(", ", _known.Order())}.", entry.KeyPlace));
    }
}
