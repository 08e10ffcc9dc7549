using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Tests.House;

/// <summary>docs/security/advisories.md says which test holds which lesson; it is made from the tests' own traits.</summary>
public sealed class AdvisoryTests
{
    private static string Page => Path.Combine(Tree.Root, "docs", "security", "advisories.md");

    [Fact]
    public void The_page_of_advisories_is_current()
    {
        var expected = Write();
        if (Environment.GetEnvironmentVariable("TEST_WRITE_DOCS") == "1") File.WriteAllText(Page, expected);
        Assert.True(File.Exists(Page) && File.ReadAllText(Page) == expected, "docs/security/advisories.md is not what the tests say. Run the tests once with TEST_WRITE_DOCS=1.");
    }

    [Fact]
    public void Every_trait_names_a_known_advisory() =>
        Assert.Empty(Tests().Select(test => test.Advisory).Except(Known().Select(row => row.Number)).Select(number => $"advisory {number} is not in advisories.csv"));

    private static string Write()
    {
        var tests = Tests().ToLookup(test => test.Advisory, test => test.Name);
        var known = Known().ToList();
        var text = new StringBuilder("# What went wrong elsewhere, and the test that holds it here\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{known.Count(row => tests.Contains(row.Number))} of {known.Count} published weaknesses of other products have a test by now; those that are about what is not built yet come with it.\n");
        text.Append("Made from the tests: `TEST_WRITE_DOCS=1 ./test`.\n\n| | where | advisory | held by |\n| ---: | --- | --- | --- |\n");
        foreach (var row in known.Where(row => tests.Contains(row.Number)))
            text.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {row.Where} | {row.Advisory} | {string.Join("<br>", tests[row.Number].Distinct().Order(StringComparer.Ordinal))} |\n");
        text.Append("\nWithout a test yet: ").AppendJoin(", ", known.Where(row => !tests.Contains(row.Number)).Select(row => $"{row.Number} ({row.Advisory})")).Append(".\n");
        return text.ToString();
    }

    private static IEnumerable<(int Number, string Where, string Advisory)> Known() =>
        from line in File.ReadLines(Path.Combine(Tree.Root, "tests", "Doorward.Tests", "House", "advisories.csv")).Skip(1)
        let parts = line.Split(';')
        select (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2]);

    private static IEnumerable<(int Advisory, string Name)> Tests() =>
        from file in Tree.CSharp("tests")
        from attribute in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "Trait" && attribute.ArgumentList?.Arguments is [var name, var value] && name.ToString() == "\"advisory\""
        let member = attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()
        where member is not null
        select (int.Parse(attribute.ArgumentList!.Arguments[1].ToString().Trim('"'), CultureInfo.InvariantCulture), member.Identifier.Text.Replace('_', ' '));
}
