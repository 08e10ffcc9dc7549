using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

/// <summary>Sets of reasons and of rules, and how both are written.</summary>
public class SetsTests
{
    private const string Codes =
        "accept reject user-ok user-unauthorized user-unauthenticated email-ok email-unauthorized domain-ok domain-unauthorized groups-ok groups-unauthorized claim-ok claim-unauthorized device-ok device-unauthorized "
        + "device-unauthenticated http-method-ok http-method-unauthorized http-path-ok http-path-unauthorized cors-request non-cors-request source-ip-ok source-ip-unauthorized client-certificate-ok client-certificate-unauthorized "
        + "client-certificate-required invalid-client-certificate valid-client-certificate mcp-tool-match mcp-not-a-tool-call mcp-tool-no-match ssh-publickey-ok ssh-publickey-unauthorized ssh-username-ok ssh-username-unauthorized "
        + "pomerium-route non-pomerium-route route-not-found locked ended step-up-failed stale date-ok date-unauthorized day-of-week-ok day-of-week-unauthorized time-of-day-ok time-of-day-unauthorized session-age-ok session-age-unauthorized "
        + "authentication-ok authentication-unauthorized person-ok person-unauthorized risk-ok risk-unauthorized http-host-ok http-host-unauthorized http-header-ok http-header-unauthorized http-query-ok http-query-unauthorized "
        + "kubernetes-ok kubernetes-unauthorized record-ok record-unauthorized";

    [Fact]
    public void Reasons_are_written_as_they_always_were()
    {
        Assert.Equal(Codes.Split(' '), Enum.GetValues<Reason>().Select(reason => reason.Code()));
        Assert.All(Enum.GetValues<Reason>(), reason => Assert.True(ReasonCodes.TryParse(reason.Code(), out var again) && again == reason));
        Assert.False(ReasonCodes.TryParse("groups", out var none));
        Assert.Equal(default, none);
    }

    [Fact]
    public void Sets_of_reasons_are_joined()
    {
        var set = ReasonSet.BitwiseOr(ReasonSet.Of(Reason.RecordOk), ReasonSet.Of(Reason.Accept) | ReasonSet.Of(Reason.Accept));
        Assert.Equal("accept, record-ok", set.ToString());
        Assert.Equal((true, true, false), (set.Has(Reason.Accept), set.Has(Reason.RecordOk), set.Has(Reason.Reject)));
        Assert.Empty(ReasonSet.None.Codes());
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 3, 63 })]
    [InlineData(new[] { 64 })]
    [InlineData(new[] { 0, 63, 64, 127, 128, 300 })]
    [InlineData(new[] { 300, 5, 64, 5 })]
    public void Rules_in_a_set_are_those_put_there(int[] indexes)
    {
        var set = indexes.Aggregate(RuleSet.None, (rules, index) => rules.With(index));
        Assert.Equal(indexes.Distinct().Order(), set.Indexes());
        Assert.Equal(string.Join(", ", indexes.Distinct().Order()), set.ToString());
        Assert.Equal(indexes.Length == 0, set.IsEmpty);
        Assert.All(Enumerable.Range(0, 400), index => Assert.Equal(indexes.Contains(index), set.Has(index)));
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, new[] { 2, 3 })]
    [InlineData(new[] { 1 }, new[] { 64, 200 })]
    [InlineData(new[] { 64, 65, 200 }, new[] { 2, 64 })]
    [InlineData(new[] { 70 }, new[] { 140 })]
    [InlineData(new int[0], new[] { 64 })]
    public void Sets_of_rules_are_joined(int[] one, int[] other)
    {
        RuleSet Of(int[] indexes) => indexes.Aggregate(RuleSet.None, (rules, index) => rules.With(index));
        var both = one.Union(other).Order().ToList();
        Assert.Equal(both, Of(one).Union(Of(other)).Indexes());
        Assert.Equal(both, Of(other).Union(Of(one)).Indexes());
        Assert.True(Of(one).Union(Of(other)) == Of([.. both]));
        Assert.True(Of(one) != Of(other));
        Assert.Equal(Of(one), (object)Of(one));
        Assert.False(Of(one).Equals("x"));
    }

    [Fact]
    public void Sets_that_differ_in_one_rule_only_are_not_equal()
    {
        Assert.NotEqual(RuleSet.None.With(1).With(70), RuleSet.None.With(2).With(70));
        Assert.NotEqual(RuleSet.None.With(1).With(70), RuleSet.None.With(1).With(71));
        Assert.NotEqual(RuleSet.None.With(1), RuleSet.None.With(1).With(70));
    }

    [Fact]
    public void Of_hundreds_of_rules_those_that_decided_are_told()
    {
        var allows = string.Join(',', Enumerable.Range(0, 200).Select(i => "{'allow': {'or': [{'http_method': '" + (i % 3 == 0 ? "GET" : "PUT") + "'}]}}"));
        var decision = Policies.Of("[" + allows + "]").Decide(Some.SignedIn());
        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 3 == 0), decision.Rules.Indexes());
        var asked = Policies.Of("[" + allows.Replace("{'http_method': 'GET'}", "{'session_age': {'under': '1m'}}", StringComparison.Ordinal) + ", {'deny': {'or': [{'device': {'type': 'tpm'}}]}}]").Decide(Some.SignedIn());
        Assert.Equal(Outcome.StepUp, asked.Outcome);
        Assert.Equal([.. Enumerable.Range(0, 200).Where(i => i % 3 == 0), 200], asked.Rules.Indexes());
    }

    [Fact]
    public void A_problem_is_one_line_with_its_place()
    {
        Assert.Equal("a.yaml:3:7: error DW1: Wrong. Mend it.", new Problem("DW1", Severity.Error, "Wrong.", "Mend it.", new Place("a.yaml", 3, 7)).ToString());
        Assert.Equal("command line: warning DW1: Odd. Look.", new Problem("DW1", Severity.Warning, "Odd.", "Look.", new Place("command line", 0, 0)).ToString());
    }
}
