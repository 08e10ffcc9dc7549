using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

public class CompositionTests
{
    private const string T = "{'allow': {'and': [{'accept': true}]}}";
    private const string F = "{'allow': {'and': [{'http_path': '/x'}]}}";
    private const string U = "{'allow': {'and': [{'claim/x': 'x'}]}}";
    private const string A = "{'allow': {'and': [{'session_age': {'under': '1m'}}]}}";

    [Theory]
    [InlineData(T, T, Truth.True, "accept")]
    [InlineData(T, F, Truth.False, "http-path-unauthorized")]
    [InlineData(U, F, Truth.False, "http-path-unauthorized")]
    [InlineData(T, U, Truth.Unknown, "claim-unauthorized")]
    [InlineData(U, A, Truth.Unknown, "claim-unauthorized session-age-unauthorized")]
    [InlineData(T, "{'deny': {'or': [{'reject': true}]}}", Truth.False, "")]
    public void Every_policy_of_a_route_must_allow(string one, string other, Truth truth, string reasons)
    {
        foreach (var policy in new[] { Policies.Of(one, other), Policies.Of(other, one) })
        {
            var decision = policy.Decide(Some.SignedIn());
            Assert.Equal((truth, reasons), (decision.Allow, string.Join(' ', decision.AllowReasons.Codes())));
        }
    }

    [Fact]
    public void Any_policy_may_deny()
    {
        var decision = Policies.Of(T, "[" + T + ", {'deny': {'or': [{'http_method': 'GET'}]}}]").Decide(Some.SignedIn());
        Assert.Equal((Outcome.Deny, Truth.True, Truth.True), (decision.Outcome, decision.Allow, decision.Deny));
        Assert.Equal(["http-method-ok"], decision.Reasons.Codes());
    }

    [Fact]
    public void A_guardrail_denies_whatever_allows()
    {
        var policy = Policies.WithGuardrail(T, "{'deny': {'not': [{'source_ip': '192.0.2.0/24'}]}}");
        Assert.Equal(Outcome.Deny, policy.Decide(Some.SignedIn()).Outcome);
        Assert.Equal(["own", "guardrail"], policy.Rules.Select(rule => rule.Origin));
        Assert.Equal([false, true], policy.Rules.Select(rule => rule.Denies));
        Assert.Equal([0, 1], policy.Rules.Select(rule => rule.Index));
    }

    [Fact]
    public void A_guardrail_whose_allow_rules_slipped_through_allows_nothing()
    {
        var policy = EffectivePolicy.Compile([Policies.Parse(F)], [Policies.Parse("[" + T + ", {'deny': {'or': [{'reject': true}]}}]", "guardrail")]);
        Assert.Equal((Outcome.Deny, Truth.False), (policy.Decide(Some.SignedIn()).Outcome, policy.Decide(Some.SignedIn()).Allow));
        Assert.Equal(2, policy.Rules.Count);
        Assert.Equal(Outcome.Deny, EffectivePolicy.Compile([], [Policies.Parse(T)]).Decide(Some.SignedIn()).Outcome);
    }

    [Fact]
    public void The_rules_that_decided_are_those_whose_truth_is_their_sides()
    {
        var policy = EffectivePolicy.Compile(
            [
                Policies.Parse("[{'allow': {'or': [{'accept': true}]}}, {'allow': {'or': [{'reject': true}]}}, {'allow': {'or': [{'http_method': 'GET'}]}}]", "first"),
                Policies.Parse("[{'allow': {'or': [{'session_age': {'under': '1m'}}]}}, {'allow': {'or': [{'reject': true}]}}]", "second"),
            ],
            [Policies.Guardrail("[{'deny': {'or': [{'reject': true}]}}, {'deny': {'or': [{'session_age': {'under': '2h'}}]}}]")]);
        // Allowed by both; the sign-in is an hour old, so the guardrail refuses.
        var denied = policy.Decide(Some.SignedIn());
        Assert.Equal((Outcome.Deny, Truth.Unknown, Truth.True), (denied.Outcome, denied.Allow, denied.Deny));
        Assert.Equal([6], denied.Rules.Indexes());
        // Three hours old: both sides are unknown, and the rules of both that are so decided.
        var asked = policy.Decide(Some.SignedIn(new SessionFacts { Id = "s1", AuthTime = Some.Now.AddHours(-3) }));
        Assert.Equal((Outcome.StepUp, Truth.Unknown, Truth.Unknown), (asked.Outcome, asked.Allow, asked.Deny));
        Assert.Equal([3, 6], asked.Rules.Indexes());
    }

    [Fact]
    public void Rules_of_a_policy_that_agrees_do_not_count_as_deciding_where_another_does_not()
    {
        var policy = Policies.Of("[{'allow': {'or': [{'accept': true}]}}, {'allow': {'or': [{'claim/x': 'x'}]}}]", "{'allow': {'or': [{'session_age': {'under': '1m'}}]}}");
        Assert.Equal([2], policy.Decide(Some.SignedIn()).Rules.Indexes());
        var allowed = Policies.Of("[{'allow': {'or': [{'accept': true}]}}, {'allow': {'or': [{'claim/x': 'x'}]}}]", T).Decide(Some.SignedIn());
        Assert.Equal([0, 2], allowed.Rules.Indexes());
    }

    [Fact]
    public void Deciding_rules_are_told_beyond_sixty_four()
    {
        var rules = string.Join(',', Enumerable.Range(0, 300).Select(i => $"{{'allow': {{'or': [{{'http_path': '/{i}'}}]}}}}"));
        var policy = Policies.Of("[" + rules + "]");
        foreach (var index in new[] { 0, 63, 64, 127, 128, 299 })
        {
            var decided = policy.Decide(Some.WithRequest(Some.Request(path: "/" + index))).Rules;
            Assert.Equal([index], decided.Indexes());
            Assert.Equal(RuleSet.None.With(index), decided);
        }

        var unknown = policy.Decide(new Facts { Now = Some.Now });
        Assert.Equal(Enumerable.Range(0, 300), unknown.Rules.Indexes());
        var two = Policies.Of("[" + rules + "]", "[" + rules + "]").Decide(Some.WithRequest(Some.Request(path: "/70")));
        Assert.Equal([70, 370], two.Rules.Indexes());
    }

    [Theory]
    [InlineData("{'authenticated_user': true}", FactKinds.Session)]
    [InlineData("{'user': 'x'}", FactKinds.Session | FactKinds.Person)]
    [InlineData("{'email': 'x@y.z'}", FactKinds.Session | FactKinds.Person)]
    [InlineData("{'domain': 'y.z'}", FactKinds.Session | FactKinds.Person)]
    [InlineData("{'person/x': 'y'}", FactKinds.Session | FactKinds.Person)]
    [InlineData("{'groups': 'x'}", FactKinds.Session | FactKinds.Groups)]
    [InlineData("{'claim/x': 'y'}", FactKinds.Session | FactKinds.Claims)]
    [InlineData("{'risk': {'under': 'high'}}", FactKinds.Session | FactKinds.Risk)]
    [InlineData("{'record/x': {'field': 'y', 'is': 'z'}}", FactKinds.Session | FactKinds.Record)]
    [InlineData("{'device': {'type': 'any'}}", FactKinds.Session | FactKinds.Device)]
    [InlineData("{'device/compliant': true}", FactKinds.Session | FactKinds.Device)]
    [InlineData("{'session_age': {'under': '1h'}}", FactKinds.Session | FactKinds.Time)]
    [InlineData("{'authentication': {'acr': 'x'}}", FactKinds.Session)]
    [InlineData("{'ssh_username_matches_email': true}", FactKinds.Session | FactKinds.Person | FactKinds.Ssh)]
    [InlineData("{'ssh_username_matches_claim': 'x'}", FactKinds.Session | FactKinds.Claims | FactKinds.Ssh)]
    public void A_criterion_about_a_person_reads_the_session_and_what_it_asks(string criterion, FactKinds kinds) =>
        Assert.Equal(kinds | FactKinds.Lock, Policies.Allowing(criterion).Reads);

    [Fact]
    public void What_is_read_is_told_whatever_the_facts()
    {
        var policy = Policies.WithGuardrail(
            "{'allow': {'or': [{'accept': true}, {'groups': 'a'}, {'date': {'after': '2026-01-01'}}]}, 'deny': {'or': [{'http_path': '/x'}]}}",
            "{'deny': {'or': [{'kubernetes/verb': 'get'}]}}");
        var reads = FactKinds.Session | FactKinds.Groups | FactKinds.Time | FactKinds.Request | FactKinds.Kubernetes | FactKinds.Lock;
        Assert.Equal((reads, reads, reads), (policy.Reads, policy.Decide(Some.Stranger()).Reads, policy.Decide(Some.SignedIn()).Reads));
        Assert.Equal(FactKinds.Lock, EffectivePolicy.DenyAll.Decide(Some.Stranger()).Reads);
    }
}
