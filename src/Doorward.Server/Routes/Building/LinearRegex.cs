using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Doorward.Server.Routes.Building;

/// <summary>Regular expressions that take linear time on any input: no back references, no look-around.</summary>
internal static class LinearRegex
{
    /// <summary>In characters; bounds what building one can cost.</summary>
    private const int MaxLength = 1000;

    /// <summary>Builds an expression that must match the whole text.</summary>
    public static bool TryWhole(string pattern, [NotNullWhen(true)] out Regex? regex, out string reason) =>
        TryMake(pattern, $@"\A(?:{pattern})\z", out regex, out reason);

    /// <summary>Builds an expression that may match anywhere.</summary>
    public static bool TryPart(string pattern, [NotNullWhen(true)] out Regex? regex, out string reason) =>
        TryMake(pattern, pattern, out regex, out reason);

    /// <summary>From the original's substitution, where <c>\1</c> is the first group, to .NET's; null where a group does not exist.</summary>
    public static string? Substitution(string written, Regex regex)
    {
        var groups = regex.GetGroupNumbers();
        var made = new System.Text.StringBuilder();
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] == '$') made.Append("$$");
            else if (written[i] != '\\') made.Append(written[i]);
            else if (i + 1 < written.Length && char.IsAsciiDigit(written[i + 1]) && groups.Contains(written[i + 1] - '0')) made.Append($"${{{written[++i]}}}");
            else if (i + 1 < written.Length && written[i + 1] == '\\') made.Append(written[++i]);
            else return null;
        }

        return made.ToString();
    }

    private static bool TryMake(string written, string pattern, [NotNullWhen(true)] out Regex? regex, out string reason)
    {
        (regex, reason) = (null, "it is longer than 1000 characters");
        if (written.Length > MaxLength) return false;
        try
        {
            // Alone first: a stray parenthesis must not find its partner in what is put around.
            _ = new Regex(written, RegexOptions.CultureInvariant);
            regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException mistake)
        {
            reason = $"at its character {mistake.Offset + 1}: {mistake.Error}";
        }
        catch (NotSupportedException)
        {
            reason = "back references, look-around and atomic groups are not taken, because matching must take linear time";
        }

        return false;
    }
}
