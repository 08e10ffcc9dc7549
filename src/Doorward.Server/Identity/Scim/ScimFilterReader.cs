using System.Text.Json;
using System.Text.Json.Nodes;

namespace Doorward.Server.Identity.Scim;

/// <summary>Reads a filter: <c>not</c> binds closest, then <c>and</c>, then <c>or</c>.</summary>
internal sealed class ScimFilterReader(string text)
{
    private const int Longest = 4000, Deepest = 20;

    private static readonly HashSet<string> _operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr"];

    private int _at;
    private int _depth;

    public ScimFilter Read()
    {
        if (text.Length > Longest) throw Fault();
        var filter = Or();
        return Next() == '\0' ? filter : throw Fault();
    }

    private ScimFilter Or()
    {
        if (++_depth > Deepest) throw Fault();
        var left = And();
        while (TryWord("or")) left = new ScimFilter.Or(left, And());
        _depth--;
        return left;
    }

    private ScimFilter And()
    {
        var left = Term();
        while (TryWord("and")) left = new ScimFilter.And(left, Term());
        return left;
    }

    private ScimFilter Term()
    {
        if (TryWord("not")) return Next() == '(' ? new ScimFilter.Not(Term()) : throw Fault();
        if (Next() != '(') return Comparison();
        _at++;
        var inner = Or();
        if (Next() != ')') throw Fault();
        _at++;
        return inner;
    }

    private ScimFilter.Compare Comparison()
    {
        var path = ScimPath.Parse(PathText());
        var before = _at;
        var name = Word().ToLowerInvariant();
        // Elements chosen by a filter of their own need no comparison: that there are some is the answer.
        if (!_operators.Contains(name) && path.Filter is not null) (name, _at) = ("pr", before);
        if (!_operators.Contains(name)) throw Fault();
        return new(path, name, name == "pr" ? null : Value());
    }

    // A path may hold a filter of its own, in brackets.
    private string PathText()
    {
        Next();
        var start = _at;
        for (var inside = false; _at < text.Length && (inside || (text[_at] is not (' ' or ')' or '('))); _at++)
            inside = text[_at] == '[' || (inside && text[_at] != ']');
        return _at > start ? text[start.._at] : throw Fault();
    }

    private JsonNode? Value()
    {
        Next();
        var start = _at;
        if (_at < text.Length && text[_at] == '"')
        {
            for (_at++; _at < text.Length && text[_at] != '"'; _at++)
                if (text[_at] == '\\') _at++;
            _at++;
        }
        else
        {
            while (_at < text.Length && text[_at] is not (' ' or ')' or ']')) _at++;
        }
        if (_at > text.Length) throw Fault();
        try
        {
            var written = text[start.._at];
            return JsonNode.Parse(written is "True" or "False" ? written.ToLowerInvariant() : written);
        }
        catch (JsonException)
        {
            throw Fault();
        }
    }

    private bool TryWord(string word)
    {
        Next();
        var end = _at + word.Length;
        if (end > text.Length || !text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) || (end < text.Length && text[end] is not (' ' or '('))) return false;
        _at = end;
        return true;
    }

    private string Word()
    {
        Next();
        var start = _at;
        while (_at < text.Length && char.IsAsciiLetter(text[_at])) _at++;
        return text[start.._at];
    }

    private char Next()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
        return _at < text.Length ? text[_at] : '\0';
    }

    private static ScimFault Fault() => ScimFault.InvalidFilter("The filter cannot be read. Write, for example: userName eq \"ada\"");
}
