using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

/// <summary>Kleene's tables with reasons: T is accept (true), F a path (false), U a claim (unknown, nothing to ask), A a sign-in too old (unknown, asks).</summary>
public class OperatorTests
{
    private static readonly Dictionary<char, string> Criteria = new()
    {
        ['T'] = "{'accept': true}",
        ['t'] = "{'http_method': 'GET'}",
        ['F'] = "{'http_path': '/x'}",
        ['f'] = "{'reject': true}",
        ['U'] = "{'claim/x': 'x'}",
        ['A'] = "{'session_age': {'under': '1m'}}",
    };

    [Theory]
    [InlineData("and", "Tt", Truth.True, "accept http-method-ok")]
    [InlineData("and", "TFf", Truth.False, "reject http-path-unauthorized")]
    [InlineData("and", "TFU", Truth.False, "http-path-unauthorized")]
    [InlineData("and", "TUA", Truth.Unknown, "claim-unauthorized session-age-unauthorized")]
    [InlineData("or", "TtFU", Truth.True, "accept http-method-ok")]
    [InlineData("or", "Ff", Truth.False, "reject http-path-unauthorized")]
    [InlineData("or", "FUA", Truth.Unknown, "claim-unauthorized session-age-unauthorized")]
    [InlineData("not", "Ff", Truth.True, "reject http-path-unauthorized")]
    [InlineData("not", "FTt", Truth.False, "accept http-method-ok")]
    [InlineData("not", "FTU", Truth.False, "accept")]
    [InlineData("not", "FUA", Truth.Unknown, "claim-unauthorized session-age-unauthorized")]
    [InlineData("nor", "TFf", Truth.True, "reject http-path-unauthorized")]
    [InlineData("nor", "TUF", Truth.True, "http-path-unauthorized")]
    [InlineData("nor", "Tt", Truth.False, "accept http-method-ok")]
    [InlineData("nor", "TUA", Truth.Unknown, "claim-unauthorized session-age-unauthorized")]
    public void An_operator_joins_truths_and_reasons(string kind, string criteria, Truth truth, string reasons)
    {
        var decision = Policies.Of("{'allow': {" + Operator(kind, criteria) + "}}").Decide(Some.SignedIn());
        Assert.Equal((truth, reasons), (decision.Allow, string.Join(' ', decision.AllowReasons.Codes())));
        var reversed = Policies.Of("{'allow': {" + Operator(kind, new string([.. criteria.Reverse()])) + "}}").Decide(Some.SignedIn());
        Assert.Equal((decision.Allow, decision.AllowReasons, decision.Outcome), (reversed.Allow, reversed.AllowReasons, reversed.Outcome));
    }

    [Theory]
    [InlineData("and", Truth.False)]
    [InlineData("or", Truth.True)]
    [InlineData("not", Truth.False)]
    [InlineData("nor", Truth.True)]
    public void A_fact_that_is_asked_twice_answers_twice(string kind, Truth truth)
    {
        foreach (var criteria in new[] { "{'groups': 'sre'}, {'groups': 'ops'}", "{'http_method': 'GET'}, {'http_method': 'PUT'}", "{'email': 'ada@example.com'}, {'email': 'bob@example.com'}" })
            Assert.Equal(truth, Policies.Of("{'allow': {'" + kind + "': [" + criteria + "]}}").Decide(Some.SignedIn()).Allow);
    }

    [Theory]
    [InlineData("'and': [F], 'or': [T]", Truth.True, "accept")]
    [InlineData("'and': [F], 'or': [f]", Truth.False, "reject http-path-unauthorized")]
    [InlineData("'and': [F], 'or': [U]", Truth.Unknown, "claim-unauthorized")]
    [InlineData("'and': [F], 'not': [F], 'nor': [T]", Truth.True, "http-path-unauthorized")]
    [InlineData("'and': [], 'or': [f]", Truth.False, "reject")]
    public void The_operators_of_a_rule_are_joined_by_or(string operators, Truth truth, string reasons) => Joined($"{{'allow': {{{Fill(operators)}}}}}", truth, reasons);

    [Theory]
    [InlineData("[{'allow': {'and': [F]}}, {'allow': {'and': [T]}}]", Truth.True, "accept")]
    [InlineData("[{'allow': {'and': [F]}}, {'allow': {'and': [f]}}]", Truth.False, "reject http-path-unauthorized")]
    [InlineData("[{'allow': {'and': [F]}}, {'allow': {'and': [U]}}, {'allow': {'and': [A]}}]", Truth.Unknown, "claim-unauthorized session-age-unauthorized")]
    [InlineData("[{'deny': {'and': [f]}, 'allow': {'and': [T]}}]", Truth.True, "accept")]
    public void The_rules_of_an_action_are_joined_by_or(string rules, Truth truth, string reasons) => Joined(Fill(rules), truth, reasons);

    private static void Joined(string policy, Truth truth, string reasons)
    {
        var decision = Policies.Of(policy).Decide(Some.SignedIn());
        Assert.Equal((truth, reasons), (decision.Allow, string.Join(' ', decision.AllowReasons.Codes())));
    }

    private static string Operator(string kind, string criteria) => $"'{kind}': [{string.Join(',', criteria.Select(letter => Criteria[letter]))}]";

    private static string Fill(string template) => Criteria.Aggregate(template, (text, criterion) => text.Replace($"[{criterion.Key}]", $"[{criterion.Value}]", StringComparison.Ordinal));
}
