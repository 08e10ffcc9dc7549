using System.Text;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Routes.Loading;

namespace Doorward.Server.Tests.Identity.Tokens;

/// <summary>docs/security/tokens.md says what the tests do: its table is written from the lies.</summary>
public sealed class TokensPageTests
{
    private const string Start = "<!-- the table is written by TokensPageTests -->";

    [Fact]
    public void Every_lie_has_its_row()
    {
        var path = Path.Combine(NodePeer.Checkout(), "docs", "security", "tokens.md");
        var page = File.ReadAllText(path);
        var expected = page[..(page.IndexOf(Start, StringComparison.Ordinal) + Start.Length)] + "\n\n" + Table();
        Golden.Matches(path, expected);
    }

    [Fact]
    public void No_two_lies_are_the_same() => Assert.Equal(Lie.All.Count, Lie.All.Select(l => l.Id).Distinct().Count());

    private static string Table()
    {
        var table = new StringBuilder("| lie | the provider… | refused as |\n| --- | --- | --- |\n");
        foreach (var lie in Lie.All) table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{lie.Id}` | {lie.Does} | {lie.MetBy} |\n");
        return table.ToString();
    }
}
