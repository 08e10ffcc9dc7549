using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Tests.House;

/// <summary>docs/security/faults.md says which test shows what Doorward does about a fault.</summary>
public sealed partial class FaultTests
{
    [Fact]
    public void Every_test_that_the_page_of_faults_names_exists()
    {
        var tests = Tree.CSharp("tests").SelectMany(file => CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory"))
            .Select(method => method.Identifier.Text).ToHashSet();
        var named = TestName().Matches(File.ReadAllText(Path.Combine(Tree.Root, "docs", "security", "faults.md"))).Select(match => match.Groups["name"].Value).ToList();

        Assert.True(named.Count > 30);
        Assert.Empty(named.Except(tests));
    }

    [Fact]
    public void Every_row_of_the_page_of_faults_names_a_test() =>
        Assert.All(
            File.ReadLines(Path.Combine(Tree.Root, "docs", "security", "faults.md"))
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| fault ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)),
            line => Assert.Matches(TestName(), line));

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){3,})`")]
    private static partial Regex TestName();
}
