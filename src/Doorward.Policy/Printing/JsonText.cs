using System.Globalization;
using System.Text;

namespace Doorward.Policy.Printing;

/// <summary>Writes JSON without blanks. The caller opens and closes in order; commas are set here.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder _text = new();

    public void Open(char bracket)
    {
        Separate();
        _text.Append(bracket);
    }

    public void Close(char bracket) => _text.Append(bracket);

    public void Key(string key)
    {
        Text(key);
        _text.Append(':');
    }

    public void Text(string text)
    {
        Separate();
        _text.Append('"');
        foreach (var letter in text)
        {
            if (letter is '"' or '\\') _text.Append('\\').Append(letter);
            else if (letter < ' ') _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else _text.Append(letter);
        }

        _text.Append('"');
    }

    /// <summary>A number or a boolean.</summary>
    public void Literal(string literal)
    {
        Separate();
        _text.Append(literal);
    }

    public override string ToString() => _text.ToString();

    private void Separate()
    {
        if (_text.Length > 0 && _text[^1] is not ('{' or '[' or ':')) _text.Append(',');
    }
}
