using System.Text;

namespace Doorward.Policy;

/// <summary>How a <see cref="Reason"/> is written in audit records, case files and answers.</summary>
public static class ReasonCodes
{
    private static readonly Reason[] All = Enum.GetValues<Reason>();
    private static readonly string[] Codes = Array.ConvertAll(All, KebabCase);

    /// <summary>The code, such as <c>groups-ok</c>.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>The code.</returns>
    public static string Code(this Reason reason) => Codes[(int)reason];

    /// <summary>The reason that a code stands for.</summary>
    /// <param name="code">The code, such as <c>groups-ok</c>.</param>
    /// <param name="reason">The reason.</param>
    /// <returns>False where there is no such code.</returns>
    public static bool TryParse(string code, out Reason reason)
    {
        var index = Array.IndexOf(Codes, code);
        reason = (Reason)Math.Max(index, 0);
        return index >= 0;
    }

    private static string KebabCase(Reason reason)
    {
        var code = new StringBuilder();
        foreach (var letter in reason.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && code.Length > 0) code.Append('-');
            code.Append(char.ToLowerInvariant(letter));
        }

        return code.ToString();
    }
}
