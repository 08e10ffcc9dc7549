using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class StringMatcherTests
{
    [Theory]
    [InlineData("'/a'", "/a", true)]
    [InlineData("'/a'", "/A", false)]
    [InlineData("'/a'", "/a/", false)]
    [InlineData("{'is': '/a'}", "/a", true)]
    [InlineData("{'not': '/a'}", "/a", false)]
    [InlineData("{'not': '/a'}", "/b", true)]
    [InlineData("{'in': ['/a', '/b']}", "/b", true)]
    [InlineData("{'in': ['/a', '/b']}", "/c", false)]
    [InlineData("{'in': []}", "/a", false)]
    [InlineData("{'not_in': ['/a', '/b']}", "/b", false)]
    [InlineData("{'not_in': ['/a', '/b']}", "/c", true)]
    [InlineData("{'not_in': []}", "/a", true)]
    [InlineData("{'contains': 'b'}", "/abc", true)]
    [InlineData("{'contains': 'B'}", "/abc", false)]
    [InlineData("{'contains': ''}", "/abc", true)]
    [InlineData("{'starts_with': '/a'}", "/abc", true)]
    [InlineData("{'starts_with': 'a'}", "/abc", false)]
    [InlineData("{'ends_with': 'bc'}", "/abc", true)]
    [InlineData("{'ends_with': 'b'}", "/abc", false)]
    [InlineData("{'ends_with': 'C'}", "/abC", true)]
    [InlineData("{'matches': '/a[0-9]+'}", "/a12", true)]
    [InlineData("{'matches': '/a[0-9]+'}", "/a12b", false)]
    [InlineData("{'matches': '/a[0-9]+'}", "x/a12", false)]
    [InlineData("{'matches': '/a|/b'}", "/b", true)]
    [InlineData("{'matches': '/a|/b'}", "/a/b", false)]
    [InlineData("{'matches': '/a'}", "/a\n", false)]
    [InlineData("{'matches': '(?i)/ABC'}", "/abc", true)]
    [InlineData("{'starts_with': '/a', 'ends_with': 'c'}", "/abc", true)]
    [InlineData("{'starts_with': '/a', 'ends_with': 'd'}", "/abc", false)]
    [InlineData("{'starts_with': '/b', 'ends_with': 'c'}", "/abc", false)]
    public void Compares_a_text(string matcher, string path, bool holds) =>
        Assert.Equal(holds ? "true http-path-ok" : "false http-path-unauthorized", Verdict.Of("{'http_path': " + matcher + "}", Some.WithRequest(Some.Request(path: path))));

    [Theory]
    [InlineData("'x'")]
    [InlineData("{'not': 'x'}")]
    [InlineData("{'not_in': ['x']}")]
    [InlineData("{'matches': '.*'}")]
    public void An_absent_text_is_unknown_also_for_comparisons_that_negate(string matcher) =>
        Assert.Equal("unknown http-path-unauthorized", Verdict.Of("{'http_path': " + matcher + "}", new Facts { Now = Some.Now }));

    [Fact]
    public void A_set_of_ten_thousand_names_finds_each_and_no_other()
    {
        var policy = Policies.Allowing("{'user': {'in': [" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"'person-{i}'")) + "]}}");
        Assert.Equal(Truth.True, Judge("person-0"));
        Assert.Equal(Truth.True, Judge("person-9999"));
        Assert.Equal(Truth.False, Judge("person-10000"));
        Truth Judge(string id) => policy.Decide(Some.SignedIn(person: new PersonFacts { Id = id })).Allow;
    }

    [Fact]
    public void A_long_value_against_a_hostile_pattern_ends_at_once() =>
        Assert.Equal("false http-path-unauthorized", Verdict.Of("{'http_path': {'matches': '(a+)+b'}}", Some.WithRequest(Some.Request(path: new string('a', 100_000)))));
}
