using Doorward.Tests.House;

namespace Doorward.Tests.Commands;

public sealed class RecipeTests
{
    private static readonly string[] _recipes = Directory.GetFiles(Path.Combine(Tree.Root, "docs", "recipes", "policy"), "*.yaml");

    [Fact]
    public async Task Every_recipe_passes_its_cases()
    {
        Assert.True(_recipes.Length >= 10);
        foreach (var recipe in _recipes)
        {
            var run = await CommandRun.Of("policy", "test", recipe);
            Assert.True(run.ExitCode == 0, run.Output);
            Assert.DoesNotContain("warning", run.Output, StringComparison.Ordinal);
            Assert.NotEqual("0 passed, 0 failed\n", run.Output);
        }
    }
}
