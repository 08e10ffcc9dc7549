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

    [Fact]
    public void Every_advisory_is_answered_by_a_test_or_a_reason()
    {
        var tested = Tests().Select(test => test.Advisory).ToHashSet();
        var wrong =
            from row in Known()
            let fault = row.Answer switch
            {
                "" when !tested.Contains(row.Number) => "has neither a test nor an answer",
                "never" when tested.Contains(row.Number) => "has a test, so it applies",
                "later" or "never" when row.Reason.Length == 0 => "has an answer without a reason",
                "" or "later" or "never" => null,
                _ => $"has the answer «{row.Answer}»: write later or never",
            }
            where fault is not null
            select $"{row.Number} {fault}";
        Assert.Empty(wrong);
    }

    private static string Write()
    {
        var tests = Tests().ToLookup(test => test.Advisory, test => test.Name);
        var known = Known().ToList();
        var text = new StringBuilder("# What went wrong elsewhere, and the test that holds it here\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Of {known.Count} published weaknesses of other products {known.Count(row => tests.Contains(row.Number))} have tests here, ");
        text.Append(CultureInfo.InvariantCulture, $"{known.Count(row => row.Answer == "later" && !tests.Contains(row.Number))} are about what is not built yet and come with it, and {known.Count(row => row.Answer == "never")} cannot apply.\n");
        text.Append("Made from the tests' traits and `tests/Doorward.Tests/House/advisories.csv`: `TEST_WRITE_DOCS=1 ./test`. A test fails where a line has no answer.\n\n");
        text.Append("| | where | advisory | answer |\n| ---: | --- | --- | --- |\n");
        foreach (var row in known)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {row.Where} | {row.Name} | {string.Join("<br>", [.. tests[row.Number].Distinct().Order(StringComparer.Ordinal), .. AnswerOf(row)])} |\n");
        return text.ToString();
    }

    private static string[] AnswerOf(Advisory row) => row.Answer switch
    {
        "later" => [$"*later:* {row.Reason}"],
        "never" => [$"*does not apply:* {row.Reason}"],
        _ => [],
    };

    private static IEnumerable<Advisory> Known() =>
        from line in File.ReadLines(Path.Combine(Tree.Root, "tests", "Doorward.Tests", "House", "advisories.csv")).Skip(1)
        let parts = line.Split(';', 5)
        select new Advisory(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2], parts[3], parts[4]);

    private static IEnumerable<(int Advisory, string Name)> Tests() =>
        from file in Tree.CSharp("tests")
        from attribute in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "Trait" && attribute.ArgumentList?.Arguments is [var name, var value] && name.ToString() == "\"advisory\""
        let member = attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>()
        where member is not null
        select (int.Parse(attribute.ArgumentList!.Arguments[1].ToString().Trim('"'), CultureInfo.InvariantCulture), member.Identifier.Text.Replace('_', ' '));

    /// <param name="Number">The line's number.</param>
    /// <param name="Where">The product.</param>
    /// <param name="Name">The advisory's id.</param>
    /// <param name="Answer">Besides tests: <c>later</c>, with what is not built yet; <c>never</c>, where it cannot apply; or nothing.</param>
    /// <param name="Reason">What it comes with, or why it cannot apply.</param>
    private sealed record Advisory(int Number, string Where, string Name, string Answer, string Reason);
}
