namespace Doorward.Tests.Commands;

public sealed class PolicyCheckTests : IDisposable
{
    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task All_problems_of_all_files_are_told_at_once()
    {
        var one = _files.Write("one.yaml", "allow:\n  and:\n    - email: { isnt: a }\n    - user: 5\n");
        var two = _files.Write("two.json", "{\"allow\": {\"nand\": []}}");
        var run = await CommandRun.Of("policy", "check", one, two, Path.Combine(Path.GetTempPath(), "there-is-no-such-file.yaml"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{one}:3:16: error DW1011", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{one}:4:13: error DW1006", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{two}:1:12: error DW1003", run.Output, StringComparison.Ordinal);
        Assert.Contains("error DW0017", run.Output, StringComparison.Ordinal);
        Assert.Equal("4 errors, 0 warnings", run.LastLine);
    }

    [Fact]
    public async Task A_warning_is_told_and_is_no_failure()
    {
        var path = _files.Write("nor.yaml", "allow: { nor: [ { http_method: POST } ] }");
        var run = await CommandRun.Of("policy", "check", path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning DW1051", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yaml_and_json_of_one_policy_have_one_digest_and_another_policy_has_another()
    {
        string[] files =
        [
            _files.Write("a.yaml", "# who\nallow:\n  and:\n    - groups: { has: sre, exclude: guests }\n    - http_method: GET\n"),
            _files.Write("b.json", "{\"allow\":{\"and\":[{\"groups\":{\"exclude\":\"guests\",\"has\":\"sre\"}},{\"http_method\":{\"is\":\"GET\"}}]}}"),
            _files.Write("c.yaml", "- allow: { and: [ { groups: { has: { is: sre }, exclude: 'guests' } }, { http_method: \"GET\" } ] }"),
            _files.Write("d.yaml", "allow: { and: [ { groups: { has: sre, exclude: guests } }, { http_method: get } ] }"),
        ];
        var run = await CommandRun.Of(["policy", "check", "--json", .. files]);
        var digests = run.Json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("digest").GetString()).ToList();
        Assert.Equal(64, digests[0]!.Length);
        Assert.Equal([digests[0], digests[0], digests[0]], digests.Take(3));
        Assert.NotEqual(digests[0], digests[3]);
    }

    [Theory]
    [InlineData("policy", "chek")]
    [InlineData("policy", "check")]
    [InlineData("policy", "test", "x.yaml", "--what")]
    public async Task A_wrong_command_line_is_a_problem_in_one_line_each(params string[] args)
    {
        var run = await CommandRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        Assert.All(run.Error.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("command line: error DW7001: ", line, StringComparison.Ordinal));
    }
}
