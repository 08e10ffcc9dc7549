using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Doorward.Tests.House;

public sealed class FileTests
{
    private const int Longest = 400;
    private const int MedianBound = 80;

    [Fact]
    public void No_file_is_over_four_hundred_lines()
    {
        var tooLong = Tree.CSharp("src", "tests", "bench", "fuzz").Where(file => file.Lines > Longest).Select(file => $"{file.Name}: {file.Lines}");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void The_median_file_is_under_eighty_lines()
    {
        var lines = Tree.CSharp("src").Select(file => file.Lines).Order().ToArray();
        Assert.True(lines[lines.Length / 2] < MedianBound, $"the median is {lines[lines.Length / 2]}");
    }

    [Theory]
    [InlineData("HttpListener")] // CVE-2026-62899: a second, laxer HTTP parser.
    [InlineData("Thread.Sleep(")]
    [Trait("advisory", "84")]
    public void The_product_does_not_use(string api) =>
        Assert.Empty(Tree.CSharp("src").Where(file => file.Text.Contains(api, StringComparison.Ordinal)).Select(file => file.Name));

    /// <summary>Where chance only spreads load or picks a destination. Whatever somebody must not guess comes from the operating system.</summary>
    private static readonly string[] MayUseCheapChance = ["StoreStart.cs", "ChangeFeed.cs", "SessionRefresh.cs", "KeptTokens.cs", "Balancer.cs", "Drain.cs"];

    [Fact]
    [Trait("advisory", "128")]
    [Trait("advisory", "208")]
    public void Nothing_secret_comes_from_a_generator_that_can_be_guessed() =>
        Assert.All(
            Tree.CSharp("src").Where(file => file.Text.Contains("Random.Shared", StringComparison.Ordinal) || file.Text.Contains("new Random(", StringComparison.Ordinal)),
            file => Assert.Contains(Path.GetFileName(file.Name), MayUseCheapChance));

    [Fact]
    public void Waiting_goes_by_the_injected_time()
    {
        var offenders =
            from file in Tree.CSharp("src")
            from call in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
            where call.Expression.ToString() == "Task.Delay"
            where !call.ArgumentList.Arguments.Any(argument => argument.ToString().Contains("time", StringComparison.OrdinalIgnoreCase) && call.ArgumentList.Arguments[0] != argument)
            select $"{file.Name}: {call}";
        Assert.Empty(offenders);
    }
}
