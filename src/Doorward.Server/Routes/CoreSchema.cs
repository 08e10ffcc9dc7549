using System.Text.RegularExpressions;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes;

/// <summary>
/// The type of a plain scalar by its spelling: YAML 1.2.2 section 10.3.2. So <c>yes</c>, <c>on</c> and <c>0777</c> are
/// what they look like: two texts and a number.
/// </summary>
internal static partial class CoreSchema
{
    public static ScalarKind KindOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
        _ => Number().IsMatch(plain) ? ScalarKind.Number : ScalarKind.Text,
    };

    // Each alternative reads every character once, so backtracking costs no more than another pass; the engine that cannot backtrack is not
    // generated, and making it takes a tenth of a second at every start.
    [GeneratedRegex(@"\A(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
