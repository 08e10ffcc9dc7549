using System.Text.RegularExpressions;

namespace Doorward.Policy.Parsing;

/// <summary>Regular expressions whose time is linear in the value and whose automaton is small.</summary>
internal static partial class Patterns
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>One that matches whole values.</summary>
    public static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", Options);

    /// <summary>Whether a pattern can be used; if not, with a problem.</summary>
    public static bool Check(string pattern, Place place, Findings findings)
    {
        if (!findings.CountPattern(place)) return false;
        if (pattern.Length > PolicyLimits.PatternLength)
        {
            findings.Error("DW1012", $"This regular expression is longer than {PolicyLimits.PatternLength} characters.", "Shorten it, or list the values with «in».", place);
            return false;
        }

        if (Repetitions(pattern) > PolicyLimits.PatternRepetitions)
        {
            findings.Error("DW1012", $"The repetitions of this regular expression multiply to more than {PolicyLimits.PatternRepetitions}.", "Use «*» or «+», or smaller numbers in braces.", place);
            return false;
        }

        try
        {
            // Alone first: «a)|(b» would be well formed only inside the group that anchors it. For this its automaton is not needed, which is dear to make.
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            _ = Whole(pattern);
            return true;
        }
        catch (RegexParseException error)
        {
            findings.Error("DW1012", $"This is no regular expression: {Describe(error.Error)} at character {error.Offset + 1}.", "Mend it; a «\\» before a character takes it as it is.", place);
        }
        catch (NotSupportedException)
        {
            findings.Error("DW1012", "This regular expression looks around, looks back, or is too large, and could take very long.", "Write it without lookarounds, backreferences, atomic groups and conditions.", place);
        }

        return false;
    }

    /// <summary>The product of all upper (or only) counts in braces: an upper bound of how they multiply, wherever they stand.</summary>
    private static long Repetitions(string pattern)
    {
        var product = 1L;
        foreach (Match count in Count().Matches(pattern))
        {
            var number = count.Groups["max"].Success && count.Groups["max"].Length > 0 ? count.Groups["max"].ValueSpan : count.Groups["min"].ValueSpan;
            if (number.Length > 6) return long.MaxValue;
            product *= Math.Max(1, long.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
            if (product > PolicyLimits.PatternRepetitions) return product;
        }

        return product;
    }

    private static string Describe(RegexParseError error)
    {
        var words = new System.Text.StringBuilder();
        foreach (var letter in error.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0) words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    [GeneratedRegex(@"\{(?<min>[0-9]+)(?:,(?<max>[0-9]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Count();
}
