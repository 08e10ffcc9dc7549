using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Tests.House;

/// <summary>docs/problems.md lists every problem that Doorward tells; it is made from where they are told.</summary>
public sealed partial class ProblemTests
{
    private static readonly (string Digits, string About)[] _areas =
    [
        ("00", "Documents: YAML and JSON"), ("1", "Policies"), ("2", "Configuration"), ("3", "The store and its keys"), ("4", "Identity providers"), ("5", "TLS and the way through"), ("6", "The audit trail"), ("7", "The command line"),
    ];

    private static string Page => Path.Combine(Tree.Root, "docs", "problems.md");

    [Fact]
    public void The_page_of_problems_is_current()
    {
        var expected = Write();
        if (Environment.GetEnvironmentVariable("TEST_WRITE_DOCS") == "1") File.WriteAllText(Page, expected);
        Assert.True(File.Exists(Page) && File.ReadAllText(Page) == expected, "docs/problems.md is not what the source says. Run the tests once with TEST_WRITE_DOCS=1.");
    }

    [Fact]
    public void Every_problem_says_what_is_wrong_and_what_to_do()
    {
        var told = Told().Where(one => one.Message.Length > 0 && one.Cure.Length > 0).Select(one => one.Id).ToHashSet();
        Assert.Equal(Told().Select(one => one.Id).Distinct().Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static string Write()
    {
        var all = Told().ToList();
        var text = new StringBuilder("# Problems\n\nWhatever somebody wrote wrong is told as a *problem*: an id that never changes its meaning, the place (file, line, column), what is wrong, and what to do.\n");
        text.Append("All problems of a text are told at once. A *warning* is used all the same; an *error* is not. «…» stands for what was found at the place.\n");
        text.Append("\nMade from the source: `TEST_WRITE_DOCS=1 ./test`.\n");
        foreach (var (digits, about) in _areas)
        {
            var area = all.Where(one => one.Id.StartsWith("DW" + digits, StringComparison.Ordinal)).ToList();
            if (area.Count == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $"\n## {about}\n\n| id | | what is wrong | what to do |\n| --- | --- | --- | --- |\n");
            foreach (var one in area.Where(one => one.Message.Length > 0).DistinctBy(one => (one.Id, one.Message)).OrderBy(one => one.Id, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"| {one.Id} | {(one.Warning ? "warning" : "error")} | {Cell(one.Message)} | {Cell(one.Cure)} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace('\n', ' ');

    private static IEnumerable<(string Id, bool Warning, string Message, string Cure)> Told() =>
        from file in Tree.CSharp("src")
        from literal in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<LiteralExpressionSyntax>()
        where literal.IsKind(SyntaxKind.StringLiteralExpression) && Id().IsMatch(literal.Token.ValueText)
        let arguments = (literal.Parent as ArgumentSyntax)?.Parent as ArgumentListSyntax
        where arguments is not null && arguments.Arguments[0].Expression == literal && arguments.Arguments.Count > 2
        let name = arguments.Parent is InvocationExpressionSyntax call ? call.Expression.ToString().Split('.')[^1] : ""
        from words in Words(name, [.. arguments.Arguments.Skip(1).Select(argument => argument.Expression).Where(argument => !argument.ToString().StartsWith("Severity.", StringComparison.Ordinal))])
        where words.Message.Any(char.IsAsciiLetter) && !Id().IsMatch(words.Message)
        select (literal.Token.ValueText, name == "Warn" || arguments.ToString().Contains("Severity.Warning", StringComparison.Ordinal), words.Message, words.Cure);

    /// <summary>The words at the place; where a method passes on what its callers say, those of the callers.</summary>
    private static IEnumerable<(string Message, string Cure)> Words(string name, List<ExpressionSyntax> words)
    {
        if (name == "Unknown") return [($"There is no {Text(words[0])} «…».", "Write one of the names that are told; where one is near, it is the one told.")];
        if (words is [IdentifierNameSyntax message, IdentifierNameSyntax, ..] && message.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is MethodDeclarationSyntax method
            && method.ParameterList.Parameters.Select((parameter, index) => (parameter, index)).FirstOrDefault(one => one.parameter.Identifier.Text == message.Identifier.Text) is { parameter: not null } found)
        {
            return method.SyntaxTree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => call.Expression.ToString().Split('.')[^1] == method.Identifier.Text && call.ArgumentList.Arguments.Count > found.index + 1)
                .Select(call => (Text(call.ArgumentList.Arguments[found.index].Expression), Text(call.ArgumentList.Arguments[found.index + 1].Expression)));
        }

        return [(Text(words[0]), words.Count > 1 ? Text(words[1]) : "")];
    }

    private static string Text(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(part => part is InterpolatedStringTextSyntax plain ? plain.TextToken.ValueText : "…")),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => Text(sum.Left) + Text(sum.Right),
        ConditionalExpressionSyntax either => string.Join(" Or: ", new[] { Text(either.WhenTrue), Text(either.WhenFalse) }.Where(part => part is not ("" or "…"))),
        ParenthesizedExpressionSyntax inner => Text(inner.Expression),
        IdentifierNameSyntax name when Constant(name) is { } value => Text(value),
        _ => "…",
    };

    /// <summary>The value of a constant of the same method.</summary>
    private static ExpressionSyntax? Constant(IdentifierNameSyntax name) => name.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>()?.DescendantNodes()
        .OfType<LocalDeclarationStatementSyntax>().Where(local => local.IsConst).SelectMany(local => local.Declaration.Variables)
        .FirstOrDefault(variable => variable.Identifier.Text == name.Identifier.Text)?.Initializer?.Value;

    [GeneratedRegex("^DW[0-9]{4}$")]
    private static partial Regex Id();
}
