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
    public void No_two_lies_are_the_same() => Assert.All(
        new[] { Lie.All, ReceiverLies.OfEvents, ReceiverLies.OfLogouts }, lies => Assert.Equal(lies.Count, lies.Select(lie => lie.Id).Distinct().Count()));

    private static string Table()
    {
        var table = new StringBuilder();
        Rows("the provider…", Lie.All);
        table.Append("\n## Lies in security events\n\nTo the receiver of [signals](../signals.md), besides the lies `form-`, `json-`, `alg-`, `key-` and their like above, which are met there by the same names.\n\n");
        Rows("the transmitter…", ReceiverLies.OfEvents.Except(Lie.All));
        table.Append("\n## Lies in logout tokens\n\nTo the receiver of back-channel logouts, besides the same.\n\n");
        Rows("the provider…", ReceiverLies.OfLogouts.Except(Lie.All));
        return table.ToString();

        void Rows(string who, IEnumerable<Lie> lies)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| lie | {who} | refused as |\n| --- | --- | --- |\n");
            foreach (var lie in lies) table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{lie.Id}` | {lie.Does} | {lie.MetBy} |\n");
        }
    }
}
