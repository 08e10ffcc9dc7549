using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Server.Console;

/// <summary>An explanation for programs.</summary>
internal static class ExplanationJson
{
    /// <summary>How programs read it, from whichever command or API it comes.</summary>
    public static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static object Of(Explanation explanation) => new
    {
        Outcome = Words.Of(explanation.Decision.Outcome),
        Allow = Words.Of(explanation.Decision.Allow),
        Deny = Words.Of(explanation.Decision.Deny),
        Reasons = explanation.Decision.Reasons.Codes(),
        Remedies = Words.Of(explanation.Decision.Remedies),
        ValidUntil = Words.Of(explanation.Decision.ValidUntil),
        Rules = explanation.Rules.Select(Of),
        explanation.Next,
        Change = explanation.Change is { } change
            ? new { Criteria = change.Criteria.Select(one => new { one.Key, one.Place.Source, one.Place.Line, one.Wanted, one.Asked }), Lifted = change.Lifted?.Code(), change.Exact }
            : null,
    };

    private static object Of(ExplainedRule rule) => new
    {
        rule.Origin,
        rule.Place.Source,
        rule.Place.Line,
        Action = rule.Denies ? "deny" : "allow",
        Truth = Words.Of(rule.Truth),
        rule.Decided,
        Operations = rule.Operations.Select(operation => new
        {
            operation.Operator,
            Truth = Words.Of(operation.Truth),
            Criteria = operation.Criteria.Select(criterion => new
            {
                criterion.Key,
                criterion.Place.Line,
                Truth = Words.Of(criterion.Truth),
                Reasons = criterion.Reasons.Codes(),
                Remedies = Words.Of(criterion.Remedies),
                criterion.Asked,
                criterion.Seen,
            }),
            operation.Omitted,
        }),
    };
}
