using Doorward.Fuzz;
using Doorward.Tests.House;

namespace Doorward.Tests;

/// <summary>What fuzzing found is tried again in every run.</summary>
public sealed class FuzzCorpusTests
{
    private static readonly string _corpus = Path.Combine(Tree.Root, "fuzz", "corpus");

    public static TheoryData<string> Names => [.. Targets.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_input_of_the_corpus_makes_its_target_throw(string target)
    {
        var inputs = Directory.GetFiles(Path.Combine(_corpus, target));
        Assert.NotEmpty(inputs);
        foreach (var input in inputs)
        {
            var fault = Record.Exception(() => Targets.All[target](File.ReadAllBytes(input)));
            Assert.True(fault is null, $"{input}: {fault}");
        }
    }

    [Fact]
    public void Every_folder_of_the_corpus_has_its_target() =>
        Assert.Equal(Targets.All.Keys, Directory.GetDirectories(_corpus).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
