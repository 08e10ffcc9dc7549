using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes;

/// <summary>
/// Text to <see cref="Node"/>: the one way in for policies, configuration and case files, wherever they are written. JSON is
/// read as the YAML that it is; a test holds that both give the same nodes.
/// </summary>
internal static class DocumentText
{
    /// <summary>In UTF-16 units; 1 Mi. Bounds what a text from outside can cost: reading this much takes less than a second.</summary>
    public const int DefaultMaxLength = 1024 * 1024;

    /// <summary>A text full of the same mistake is told about it this often.</summary>
    private const int MaxCharacterProblems = 10;

    /// <summary>Reads one document. Never throws: whatever is wrong is added to the problems.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The name that places carry.</param>
    /// <param name="problems">Gains every problem found.</param>
    /// <param name="maxLength">The longest text read, in UTF-16 units.</param>
    /// <returns>The document, without the parts that had problems; null where nothing was written or nothing is left.</returns>
    public static Node? Read(string text, string source, ICollection<Problem> problems, int maxLength = DefaultMaxLength)
    {
        if (text.Length > maxLength)
        {
            problems.Add(new("DW0010", Severity.Error, $"The text is {text.Length} characters long; at most {maxLength} are read.",
                "Split it into several files.", new(source, 0, 0)));
            return null;
        }

        // Editors on Windows write a byte order mark; it is no part of the text.
        if (text.StartsWith('\uFEFF')) text = text[1..];
        return HasForbiddenCharacters(text, source, problems)
            ? null
            : NodeReader.Read(new YamlEvents(text, source, problems), source, problems);
    }

    // Characters that people do not see, that turn the direction of writing (a reviewer sees another text than the parser), or
    // that YAML and JSON read differently (NEL, LS and PS end a line in YAML 1.1).
    private static bool HasForbiddenCharacters(string text, string source, ICollection<Problem> problems)
    {
        int found = 0, line = 1, lineStart = 0;
        for (var i = 0; i < text.Length && found < MaxCharacterProblems; i++)
        {
            var c = text[i];
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                line++;
                lineStart = i + 1;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (IsForbidden(c))
            {
                found++;
                problems.Add(new("DW0011", Severity.Error, $"The text contains the character U+{(int)c:X4}, which does not show.",
                    $"Remove it; where a value needs it, write it as \"\\u{(int)c:x4}\" in double quotes.", new(source, line, i - lineStart + 1)));
            }
        }

        return found > 0;
    }

    private static bool IsForbidden(char c) => c switch
    {
        '\t' or '\r' or '\n' => false,
        '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF' or '\uFFFE' or '\uFFFF' => true,
        _ => char.IsControl(c) || char.IsSurrogate(c),
    };
}
