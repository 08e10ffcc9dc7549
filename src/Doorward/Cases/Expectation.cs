using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Console;

namespace Doorward.Cases;

/// <summary>What a case expects; what is left out may be anything.</summary>
internal sealed record Expectation
{
    public string? Outcome { get; init; }

    public string? Allow { get; init; }

    public string? Deny { get; init; }

    /// <summary>The reasons of the side that decided; their order does not matter.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    public IReadOnlyList<string>? AllowReasons { get; init; }

    public IReadOnlyList<string>? DenyReasons { get; init; }

    public IReadOnlyList<string>? Remedies { get; init; }

    /// <summary>Whether <see cref="ValidUntil"/> is expected: null is an expectation too.</summary>
    public bool HasValidUntil { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    private static readonly string[] _truths = ["true", "false", "unknown"];

    public static Expectation Read(Node? node, ICollection<Problem> problems) => Fields.Read(node, "expect", problems, Read) ?? new();

    private static Expectation Read(Fields fields)
    {
        var byAction = fields.Take("reasons") is MappingNode
            ? fields.Read("reasons", reasons => new { Allow = reasons.Texts("allow"), Deny = reasons.Texts("deny") })
            : null;
        return new()
        {
            Outcome = Word(fields, "outcome", [.. Words.Outcomes.Keys]),
            Allow = Word(fields, "allow", _truths),
            Deny = Word(fields, "deny", _truths),
            Reasons = byAction is null ? fields.Texts("reasons") : null,
            AllowReasons = byAction?.Allow,
            DenyReasons = byAction?.Deny,
            Remedies = fields.Texts("remedies"),
            HasValidUntil = fields.Has("valid_until"),
            ValidUntil = fields.Instant("valid_until"),
        };
    }

    private static string? Word(Fields fields, string key, string[] words)
    {
        if (fields.Take(key) is not { } node) return null;
        if (node is ScalarNode scalar && words.Contains(scalar.Text)) return scalar.Text;
        fields.Report(node, key, $"one of {string.Join(", ", words)}");
        return null;
    }

    /// <summary>What differs from the decision, a line each; nothing where all is as expected.</summary>
    public IEnumerable<string> Differences(Decision decision)
    {
        if (Outcome is not null && Outcome != Words.Of(decision.Outcome)) yield return Differs("outcome", Outcome, Words.Of(decision.Outcome));
        if (Allow is not null && Allow != Words.Of(decision.Allow)) yield return Differs("allow", Allow, Words.Of(decision.Allow));
        if (Deny is not null && Deny != Words.Of(decision.Deny)) yield return Differs("deny", Deny, Words.Of(decision.Deny));
        if (DiffersAsSet(Reasons, decision.Reasons.Codes())) yield return Differs("reasons", Reasons!, decision.Reasons.Codes());
        if (DiffersAsSet(AllowReasons, decision.AllowReasons.Codes())) yield return Differs("reasons of allow", AllowReasons!, decision.AllowReasons.Codes());
        if (DiffersAsSet(DenyReasons, decision.DenyReasons.Codes())) yield return Differs("reasons of deny", DenyReasons!, decision.DenyReasons.Codes());
        if (DiffersAsSet(Remedies, Words.Of(decision.Remedies))) yield return Differs("remedies", Remedies!, Words.Of(decision.Remedies));
        if (HasValidUntil && ValidUntil != decision.ValidUntil) yield return Differs("valid_until", Words.Of(ValidUntil) ?? "null", Words.Of(decision.ValidUntil) ?? "null");
    }

    private static bool DiffersAsSet(IReadOnlyList<string>? expected, IReadOnlyList<string> actual) =>
        expected is not null && !expected.ToHashSet().SetEquals(actual);

    private static string Differs(string what, IEnumerable<string> expected, IEnumerable<string> actual) =>
        Differs(what, $"[{string.Join(", ", expected)}]", $"[{string.Join(", ", actual)}]");

    private static string Differs(string what, string expected, string actual) => $"{what}: expected {expected}, actual {actual}";
}
