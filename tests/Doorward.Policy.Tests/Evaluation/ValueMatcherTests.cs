using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class ValueMatcherTests
{
    private static readonly string[] None = [];
    private static readonly string[] One = ["a"];
    private static readonly string[] Several = ["a", "b"];
    private static readonly string[] TrueText = ["true"];
    private static readonly string[] ThreeText = ["3"];
    private static readonly DateTimeOffset Instant = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Matcher, value, and whether it holds; null for unknown.</summary>
    public static TheoryData<string, object, bool?> Rows => new()
    {
        { "'a'", "a", true }, { "'a'", "b", false }, { "'a'", One, true }, { "'b'", Several, true }, { "'c'", Several, false }, { "'a'", None, false },
        { "{'is': 'a'}", "a", true }, { "{'is': 'a'}", "b", false }, { "{'is': 'a'}", One, true }, { "{'is': 'a'}", Several, false }, { "{'is': 'a'}", None, false },
        { "{'has_any': ['x', 'b']}", Several, true }, { "{'has_all': ['a', 'b']}", Several, true }, { "{'has_all': ['a', 'x']}", Several, false }, { "{'has_all': ['a']}", "a", true },
        { "{'exclude': 'a'}", Several, false }, { "{'exclude': 'x'}", Several, true }, { "{'exclude': 'x'}", None, true }, { "{'has': {'starts_with': 'b'}}", Several, true },
        { "{'not': 'a'}", "b", true }, { "{'not': 'a'}", "a", false }, { "{'not': 'a'}", One, false }, { "{'not': 'a'}", Several, null }, { "{'not': 'a'}", None, null },
        { "{'in': ['a', 'b']}", "b", true }, { "{'in': ['a', 'b']}", Several, null }, { "{'starts_with': 'a'}", "abc", true }, { "{'matches': 'a.c'}", "abc", true },
        { "{'contains': 'b'}", One, false }, { "{'ends_with': 'c'}", "abc", true }, { "{'not_in': ['a']}", "abc", true },
        { "true", true, true }, { "true", false, false }, { "false", false, true }, { "true", "true", true }, { "true", "false", false }, { "false", "false", true }, { "false", "true", false }, { "true", "True", null },
        { "true", TrueText, true }, { "true", Several, null }, { "true", 1.0, null }, { "{'is': true}", true, true }, { "{'is': false}", true, false },
        { "'true'", true, true }, { "'false'", true, false }, { "'false'", false, true }, { "{'not': true}", false, true }, { "{'in': [true, 'x']}", true, true }, { "{'in': [false, 'x']}", false, true }, { "{'in': [false, 'x']}", true, false },
        { "3", 3.0, true }, { "3", 4.0, false }, { "3", "3.0", true }, { "3", "x", null }, { "3", ThreeText, true }, { "3", true, null }, { "{'is': 3}", 3.0, true },
        { "'3'", 3.0, true }, { "{'has': 3.0}", "3", true }, { "'0.1'", 0.1, true }, { "'1E+20'", 1e20, true },
        { "3", double.NaN, null }, { "{'under': 3}", double.NegativeInfinity, null }, { "3", "NaN", null }, { "3", " 3", null }, { "1000", "1e3", true }, { "1000", "1,000", null },
        { "{'under': 3}", 2.9, true }, { "{'under': 3}", 3.0, false }, { "{'over': 3}", 3.1, true }, { "{'over': 3}", 3.0, false }, { "{'over': 1, 'under': 3}", 2.0, true }, { "{'over': 1, 'under': 3}", "5", false },
        { "{'before': '2026-06-01'}", Instant, false }, { "{'before': '2026-06-01'}", Instant.AddTicks(-1), true }, { "{'after': '2026-06-01'}", Instant, true }, { "{'after': '2026-06-01'}", Instant.AddTicks(-1), false },
        { "{'before': '2026-06-01'}", "2026-05-31", true }, { "{'before': '2026-06-01'}", "2026-06-01T01:59:59+02:00", true }, { "{'before': '2026-06-01'}", "2026-06-01T02:00:00+02:00", false },
        { "{'before': '2026-06-01'}", "soon", null }, { "{'before': '2026-06-01'}", 3.0, null }, { "{'after': '2026-05-01', 'before': '2026-06-01'}", "2026-05-20", true },
        { "'x'", Instant, null }, { "{'exclude': 'x'}", Instant, null }, { "{'not': 'x'}", Instant, null },
        { "{'has': 'b', 'not': 'x'}", Several, null }, { "{'has': 'c', 'not': 'x'}", Several, false }, { "{'has': 'a', 'not': 'x'}", "a", true }, { "{'has': 'a', 'under': 5}", "a", null },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Compares_a_value_of_any_type(string matcher, object value, bool? holds)
    {
        var verdict = holds switch { true => "true claim-ok", false => "false claim-unauthorized", _ => "unknown claim-unauthorized" };
        Assert.Equal(verdict, Verdict.Of("{'claim/x': " + matcher + "}", Some.WithClaims(("x", value))));
    }

    [Theory]
    [InlineData("or", Truth.False)]
    [InlineData("not", Truth.True)]
    public void What_else_is_asked_of_a_claim_counts_also_beside_names_of_the_same(string kind, Truth truth)
    {
        var policy = Policies.Of("{'allow': {'" + kind + "': [{'claim/x': {'has': 'a', 'not': 'a'}}, {'claim/x': 'b'}]}}");
        Assert.Equal(truth, policy.Decide(Some.WithClaims(("x", "a"))).Allow);
    }

    [Fact]
    public void A_value_of_a_foreign_type_is_unknown_and_nothing_is_thrown() =>
        Assert.Equal("unknown claim-unauthorized", Verdict.Of("{'claim/x': {'not': 'a'}}", Some.WithClaims(("x", 3))));

    [Theory]
    [InlineData("realm/roles", "realm/roles", true)]
    [InlineData("realm.roles", "realm/roles", true)]
    [InlineData("realm.roles", "realm.roles", true)]
    [InlineData("realm/roles", "realm.roles", null)]
    [InlineData("https://example.com/roles", "https://example.com/roles", true)]
    public void A_claim_is_found_by_its_path(string path, string claim, bool? holds) =>
        Assert.Equal(holds is true ? "true claim-ok" : "unknown claim-unauthorized", Verdict.Of("{'claim/" + path + "': 'a'}", Some.WithClaims((claim, "a"))));

    [Fact]
    public void The_claim_named_exactly_goes_before_the_one_with_slashes() =>
        Assert.Equal("false claim-unauthorized", Verdict.Of("{'claim/a.b': 'x'}", Some.WithClaims(("a.b", "y"), ("a/b", "x"))));

    [Theory]
    [InlineData("department", "'ops'", "true person-ok")]
    [InlineData("department", "'dev'", "false person-unauthorized")]
    [InlineData("manager", "{'not': 'x'}", "unknown person-unauthorized")]
    public void A_directory_attribute_is_compared(string attribute, string matcher, string verdict)
    {
        var person = new PersonFacts { Id = "u1", Attributes = new Dictionary<string, FactValue> { ["department"] = new("ops") } };
        Assert.Equal(verdict, Verdict.Of($"{{'person/{attribute}': {matcher}}}", Some.SignedIn(person: person)));
    }
}
