using Doorward.Policy;
using Doorward.Server.Console;
using Doorward.Server.Console.Pages;
using Doorward.Server.Routes;

namespace Doorward.Server.Tests.Console;

/// <summary>A page names what is in the way, and no alternative that nobody needs.</summary>
public sealed class ReasonLinesTests
{
    private const string Groups = "allow: { and: [ { groups: { has: sre } } ] }";

    [Theory]
    [InlineData("allow: { and: [ { session_age: { under: 1h } } ] }", "less than 1h ago")]
    [InlineData("allow: { and: [ { device/compliant: true } ] }", "device")]
    public void Where_another_alternative_helps_only_that_is_told(string helps, string told)
    {
        var line = Assert.Single(Lines($"[ {{ {Groups} }}, {{ {helps} }} ]"));
        Assert.Contains(told, line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_deny_rule_decided_what_would_be_in_the_way_next_is_told_after_it() =>
        Assert.Equal(
            ["It must not be that you are in the group «contractors»", "You are in the group «sre»"],
            Lines($"[ {{ {Groups} }}, {{ deny: {{ or: [ {{ groups: {{ has: contractors }} }} ] }} }} ]").Select(line => line.Text));

    [Fact]
    public void Where_no_rule_decided_what_none_of_them_found_is_told() =>
        Assert.Equal(["You are in the group «sre»"], Lines($"[ {{ {Groups} }} ]").Select(line => line.Text));

    private static IEnumerable<Line> Lines(string policy)
    {
        List<Problem> problems = [];
        var parsed = ParsedPolicy.Parse("a policy", DocumentText.Read(policy, "policy.yaml", problems)!, TimeZones.Find, problems)!;
        Assert.Empty(problems);
        var now = DateTimeOffset.UnixEpoch;
        var explanation = EffectivePolicy.Compile([parsed], []).Explain(new()
        {
            Now = now,
            Session = new() { Id = "s", AuthTime = now - TimeSpan.FromDays(1) },
            Person = new() { Id = "corp/cleo", Groups = [new("contractors")] },
        });
        return ReasonLines.Of(explanation).SelectMany(group => group.Lines);
    }
}
