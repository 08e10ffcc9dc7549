using System.Text.RegularExpressions;
using Doorward.Policy;
using Doorward.Policy.Syntax;
using Doorward.Server.Routes;

namespace Doorward.Tests.House;

/// <summary>docs/policy.md tells of everything that there is.</summary>
public sealed partial class PolicyManualTests
{
    private static readonly string _manual = File.ReadAllText(Path.Combine(Tree.Root, "docs", "policy.md"));

    private static readonly string[] _keys = [.. Tree.CSharp("src/Doorward.Policy/Syntax").SelectMany(file => CriterionKeys().Matches(file.Text)).Select(match => match.Groups["key"].Value)];

    [Fact]
    public void Every_criterion_has_an_example()
    {
        Assert.True(_keys.Length >= 35, $"{_keys.Length} criteria found");
        Assert.All(_keys, key => Assert.Matches($@"`{Regex.Escape(key)}{(key.EndsWith('/') ? "[a-z]" : ":")}", _manual));
        Assert.All(Enum.GetNames<KubernetesField>(), field => Assert.Contains($"`kubernetes/{field.ToLowerInvariant()}", _manual, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_example_of_a_criterion_is_one()
    {
        var examples = _manual[_manual.IndexOf("## Criteria", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Code().Matches(line.Split(" | ")[0]))
            .Select(match => match.Groups["code"].Value)
            .Where(code => code.Contains(": ", StringComparison.Ordinal) && code[0] != '{').ToList();
        Assert.True(examples.Count >= 35, $"{examples.Count} examples found");
        foreach (var example in examples)
        {
            var problems = new List<Problem>();
            var node = DocumentText.Read($"allow: {{ and: [ {{ {example} }} ] }}", example, problems);
            Assert.NotNull(node);
            ParsedPolicy.Parse(example, node, TimeZones.Find, problems);

            // Hashes and keys are shortened in the manual.
            Assert.DoesNotContain(problems, problem => problem.Id != "DW1018");
        }
    }

    [Fact]
    public void Every_reason_is_told() =>
        Assert.All(Enum.GetValues<Reason>(), reason => Assert.Contains($"`{reason.Code()}`", _manual, StringComparison.Ordinal));

    [Fact]
    public void Every_operator_is_told()
    {
        string[] names = [.. Enum.GetNames<OperatorKind>(), .. Enum.GetNames<StringOperator>(), .. Enum.GetNames<ListOperator>()];
        Assert.All(names, name => Assert.Contains($"`{Underscores().Replace(name, "_").ToLowerInvariant()}`", _manual, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_recipe_is_shown() =>
        Assert.All(Directory.GetFiles(Path.Combine(Tree.Root, "docs", "recipes", "policy")), recipe => Assert.Contains($"(recipes/policy/{Path.GetFileName(recipe)})", _manual, StringComparison.Ordinal));

    [GeneratedRegex(": Criterion\\(\"(?<key>[a-z_/]+)\"")]
    private static partial Regex CriterionKeys();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Underscores();
}
