using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Explaining;

/// <summary>An explanation as people read it.</summary>
public class ExplanationTextTests
{
    [Fact]
    public void An_explanation_is_rendered_whole()
    {
        var policy = Policies.WithGuardrail(
            "[{'allow': {'and': [{'groups': 'x'},\n {'http_method': 'GET'}]}},\n {'allow': {'or': [{'claim/a': 'b'}]}}]",
            "{'deny': {'or': [{'session_age': {'under': '1m'}}]}}");
        Assert.Equal(
            """
            Refused (claim-unauthorized).
            allow rule of «own» at policy.json:1:3: false
              and: false
                groups: It asks that you are in the group «x»: false. Your groups are «sre», «dev».
                http_method: It asks that the method is «GET»: true. It is.
            allow rule of «own» at policy.json:3:3: unknown, and it decided
              or: unknown
                claim/a: It asks that your claim «a» is as it asks: unknown. Your provider has not told it in a way that can be compared.
            deny rule of «guardrail» at policy.json:1:2: unknown
              or: unknown
                session_age: It asks that you signed in less than 1m ago: unknown. You signed in at 2026-01-01 08:00:00 UTC.
            It would be enough if all of this were so:
            - you are in the group «x» (groups)
            - it were not so that you signed in less than 1m ago (session_age)
            To do: Ask for a change of your groups, so that you are in the group «x».
            To do: Sign in again, in the way that is asked for.

            """,
            ExplanationText.Render(policy.Explain(Some.SignedIn())));
    }

    [Theory]
    [InlineData("{'accept': true}", "Let through (accept).")]
    [InlineData("{'reject': true}", "Refused (reject).")]
    [InlineData("{'authenticated_user': true}", "Asked to sign in (user-unauthenticated).")]
    [InlineData("{'date': {'before': '2026-03-01T10:20:30Z'}}", "Let through (date-ok). This can change at 2026-03-01 10:20:30 UTC.")]
    public void The_outcome_is_one_sentence(string criterion, string summary) =>
        Assert.Equal(summary, ExplanationText.Summary(Policies.Allowing(criterion).Decide(Some.Stranger())));

    [Theory]
    [InlineData("{'session_age': {'under': '1m'}}", "Asked to sign in again (session-age-unauthorized).")]
    [InlineData("{'device': {'type': 'tpm'}}", "Asked for a device (device-unauthenticated).")]
    public void So_is_what_is_asked(string criterion, string summary) =>
        Assert.Equal(summary, ExplanationText.Summary(Policies.Allowing(criterion).Decide(Some.SignedIn())));

    [Fact]
    public void A_certificate_is_asked_for_and_a_denial_by_default_has_no_reasons()
    {
        Assert.Equal(
            "Asked for a client certificate (client-certificate-required).",
            ExplanationText.Summary(Policies.Of("{'deny': {'or': [{'invalid_client_certificate': true}]}}").Decide(Some.Stranger())));
        Assert.Equal("Refused.", ExplanationText.Summary(EffectivePolicy.DenyAll.Decide(Some.Stranger())));
    }

    [Fact]
    public void What_would_be_enough_is_told()
    {
        Assert.Equal(
            ["It would be enough if all of this were so:", "- you are in the group «x» (groups)", "- it were not so that the method is «GET» (http_method)"],
            Lines("[{'allow': {'and': [{'groups': 'x'}]}}, {'deny': {'or': [{'http_method': 'GET'}]}}]", Some.SignedIn()));
        Assert.Equal(["Nothing about you or the request would change this: nobody is let through here."], Lines("{'deny': {'or': [{'groups': 'x'}]}}", Some.SignedIn()));
        Assert.Equal(["Nothing about you or the request would change this: nobody is let through here."], Lines("{'allow': {'and': [{'reject': true}]}}", Some.SignedIn()));
        Assert.Empty(Lines("{'allow': {'and': [{'accept': true}]}}", Some.SignedIn()));
        var locked = Some.SignedIn(locks: new LockSet([new Lock(LockKind.Person, "u1")]));
        Assert.Equal(["It would be enough if the lock were lifted."], Lines("{'allow': {'and': [{'accept': true}]}}", locked));
        Assert.Equal(
            ["It would be enough if all of this were so:", "- the lock were lifted", "- you are in the group «x» (groups)"],
            Lines("{'allow': {'and': [{'groups': 'x'}]}}", locked));
        Assert.Equal(["It would be enough if your access had not ended."], Lines("{'allow': {'and': [{'accept': true}]}}", Some.SignedIn(person: new PersonFacts { Id = "u1", Active = false })));
    }

    [Fact]
    public void Of_a_very_large_policy_what_decided_is_told_first_and_the_search_admits_its_bounds()
    {
        var rules = string.Join(',', Enumerable.Range(0, 600).Select(i => "{'deny': {'and': [{'claim/c" + i + "': 'x'}, {'http_path': '/p" + i + "'}]}}"));
        var policy = Policies.Of("[" + rules + ", {'deny': {'or': [{'http_method': 'GET'}]}}, {'allow': {'and': [{'accept': true}]}}]");
        var explanation = policy.Explain(Some.SignedIn());
        Assert.Equal(ExplanationLimits.Rules, explanation.Rules.Count);
        var decided = Assert.Single(explanation.Rules, rule => rule.Decided);
        Assert.Equal((600, true), (decided.Index, explanation.Rules.Select(rule => rule.Index).Order().SequenceEqual(explanation.Rules.Select(rule => rule.Index))));
        Assert.False(explanation.Change!.Exact);
        Assert.Equal(["Ask whoever looks after this service for access, and quote the id on this page."], explanation.Next);
        Assert.Equal(["It might be enough if all of this were so:"], ExplanationText.Change(explanation with { Change = explanation.Change with { Criteria = [.. Wanted(2)] } }).Take(1));
    }

    [Fact]
    public void Of_an_operator_with_many_criteria_some_are_told_and_the_rest_counted()
    {
        var criteria = string.Join(',', Enumerable.Range(0, 60).Select(i => "{'claim/c" + i + "': 'x'}"));
        var explanation = Policies.Of("{'allow': {'or': [" + criteria + "]}}").Explain(Some.SignedIn());
        var operation = explanation.Rules[0].Operations[0];
        Assert.Equal((ExplanationLimits.Criteria, 10), (operation.Criteria.Count, operation.Omitted));
        Assert.Contains("    and 10 more\n", ExplanationText.Render(explanation), StringComparison.Ordinal);
    }

    [Fact]
    public void Criteria_that_would_read_the_same_stand_once()
    {
        var operation = Policies.Of("{'allow': {'or': [{'email': 'a@b.c'}, {'email': 'd@e.f'}, {'http_path': '/x'}]}}").Explain(Some.SignedIn()).Rules[0].Operations[0];
        Assert.Equal(["email", "http_path"], operation.Criteria.Select(criterion => criterion.Key));
        Assert.Equal(0, operation.Omitted);
    }

    [Theory]
    [InlineData("and", Truth.False, Truth.Unknown, Truth.True)]
    [InlineData("or", Truth.True, Truth.Unknown, Truth.True)]
    [InlineData("not", Truth.False, Truth.Unknown, Truth.False)]
    [InlineData("nor", Truth.True, Truth.Unknown, Truth.False)]
    public void Every_operator_says_its_own_truth(string name, Truth mixed, Truth open, Truth held)
    {
        Truth Of(string criteria)
        {
            var rule = Policies.Of("{'allow': {'" + name + "': [" + criteria + "]}}").Explain(Some.SignedIn()).Rules[0];
            Assert.Equal((name, rule.Truth), (rule.Operations[0].Operator, rule.Operations[0].Truth));
            return rule.Truth;
        }

        Assert.Equal(
            (mixed, open, held),
            (Of("{'http_method': 'GET'}, {'http_method': 'PUT'}, {'claim/x': 'y'}"), Of("{'claim/x': 'y'}"), Of("{'http_method': 'GET'}, {'http_path': '/'}")));
    }

    private static IEnumerable<WantedCriterion> Wanted(int count) => Enumerable.Range(0, count).Select(i => new WantedCriterion("k", default, true, "x"));

    private static IEnumerable<string> Lines(string policy, Facts facts) => ExplanationText.Change(Policies.Of(policy).Explain(facts));
}
