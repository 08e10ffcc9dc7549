using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Loading;

public sealed class GoldenTests
{
    public static TheoryData<string> Files => Golden.Names(".yaml");

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_problem_of_a_file_is_told_with_its_place(string name)
    {
        var path = Path.Combine(Golden.Folder, name + ".yaml");
        var loaded = new ConfigurationLoader(path, new Dictionary<string, string>()).Load(new SourceFiles(), previous: null);
        var told = string.Concat(loaded.Problems.Select(problem => problem.ToString().Replace(Golden.Folder + "/", "", StringComparison.Ordinal) + "\n"));
        Assert.DoesNotContain("not-to-be-told", told, StringComparison.Ordinal);
        Golden.Matches(Path.Combine(Golden.Folder, name + ".problems"), told);
        Assert.Equal(name.StartsWith("sound", StringComparison.Ordinal), loaded.IsSound);
    }
}
