using System.Security.Cryptography;
using System.Text;
using Doorward.Policy.Evaluation;
using Doorward.Policy.Explaining;
using Doorward.Policy.Syntax;

namespace Doorward.Policy;

/// <summary>
/// The policy of one route, joined from everything that bears on it: its own policies (all must allow) and the guardrails from
/// above (none may deny). Compiled once, immutable, safe to use from any thread.
/// </summary>
public sealed class EffectivePolicy
{
    private readonly IReadOnlyList<ParsedPolicy> _policies;
    private readonly IReadOnlyList<ParsedPolicy> _guardrails;
    private readonly CompiledPolicy _compiled;
    private readonly Lazy<FactNames> _names;
    private readonly Lazy<NamedGroups> _groups;
    private readonly Lazy<Explainer> _explainer;

    private EffectivePolicy(IReadOnlyList<ParsedPolicy> policies, IReadOnlyList<ParsedPolicy> guardrails)
    {
        var rules = new List<EffectiveRule>();
        var own = policies.Select(policy => Add(policy, policy.Syntax.Rules, rules)).ToList();
        var above = guardrails.SelectMany(guardrail => Add(guardrail, guardrail.Syntax.Rules.Where(rule => rule.Action == RuleAction.Deny), rules)).ToList();
        (_policies, _guardrails) = (policies, guardrails);
        Rules = rules;
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToCanonicalText())));
        CanRefuseStrangers = Strangers.MayBeRefused([.. policies.Select(policy => policy.Syntax.Rules)], [.. above.Select(rule => rule.Rule)]);
        _compiled = new CompiledPolicy(own, above);
        _names = new Lazy<FactNames>(() => NamesRead.Of([.. Criteria]));
        _explainer = new Lazy<Explainer>(() => new Explainer(this, [.. own.Select(policy => policy.Where(rule => rule.Rule.Action == RuleAction.Allow).Select(rule => rule.Index).ToArray())]));
        _groups = new Lazy<NamedGroups>(() => new NamedGroups(Rules.Select(rule => rule.Syntax)));
    }

    /// <summary>Denies everything: for a route whose policy has problems, and for one that has none.</summary>
    public static EffectivePolicy DenyAll { get; } = new([], []);

    /// <summary>The rules with their origin and place; <see cref="Decision.Rules"/> points into it.</summary>
    public IReadOnlyList<EffectiveRule> Rules { get; }

    /// <summary>The kinds of facts that it reads; always <see cref="FactKinds.Lock"/>.</summary>
    public FactKinds Reads => _compiled.Reads;

    /// <summary>The names that its criteria mention: groups, claims, attributes, headers.</summary>
    public FactNames Names => _names.Value;

    /// <summary>
    /// SHA-256 of the canonical text, lower-case hexadecimal: the same for texts that differ only in layout, comments, key order or notation. The
    /// names of policies do not count.
    /// </summary>
    public string Digest { get; }

    /// <summary>
    /// Whether it may refuse somebody who has no session: such a route is guarded, any other public. Locks apart, which can refuse
    /// anybody. Cautious: what lets everybody through in a roundabout way counts as guarded.
    /// </summary>
    public bool CanRefuseStrangers { get; }

    /// <summary>Every criterion in it, in the order of the rules: to see which kinds, providers or authentication classes it names.</summary>
    public IEnumerable<Criterion> Criteria => Rules.SelectMany(rule => rule.Syntax.Operations).SelectMany(operation => operation.Criteria);

    /// <summary>Joins and compiles.</summary>
    /// <param name="policies">The route's policies; every one must allow. None denies everything.</param>
    /// <param name="guardrails">Policies whose deny rules join; allow rules of theirs are left out (see <see cref="ParsedPolicy.ParseGuardrail"/>).</param>
    /// <returns>The compiled policy.</returns>
    public static EffectivePolicy Compile(IReadOnlyList<ParsedPolicy> policies, IReadOnlyList<ParsedPolicy> guardrails) => new(policies, guardrails);

    /// <summary>
    /// The text whose SHA-256 is the <see cref="Digest"/>: a mapping of <c>policies</c> and <c>guardrails</c>, each a list of texts that read as
    /// policies again. It compiles to a policy of the same digest.
    /// </summary>
    /// <returns>The text; printed anew at each call.</returns>
    public string ToCanonicalText() => CanonicalText.Print(_policies, _guardrails);

    /// <summary>Whether an allow rule asks for a group: what an upstream needs to be told of a person's groups.</summary>
    /// <param name="group">A group.</param>
    /// <returns>True where a criterion <c>groups</c> under <c>and</c> or <c>or</c> would be met by it.</returns>
    public bool AsksForGroup(GroupFact group) => _groups.Value.Contains(group);

    /// <summary>Decides. Pure and total: the same facts give the same decision, and no facts make it throw.</summary>
    /// <remarks>
    /// <para>
    /// Step 0. A lock that matches: deny, reason <see cref="Reason.Locked"/>. Else a person who is not <see cref="PersonFacts.Active"/> or whose
    /// <see cref="PersonFacts.EndDate"/> is at or before now: deny, reason <see cref="Reason.Ended"/>. Both look at the facts as they are given, also where the session is over.
    /// </para>
    /// <para>
    /// Step 1. Deny is true, and its reasons hold <see cref="Reason.ClientCertificateRequired"/> or
    /// <see cref="Reason.InvalidClientCertificate"/>: certificate, with the reasons of deny.
    /// </para>
    /// <para>Step 2. Deny is true, or unknown without a remedy: deny, with the reasons of deny.</para>
    /// <para>Step 3. Allow is true and deny false: allow, with the reasons of allow.</para>
    /// <para>
    /// Step 4. Allow is true and deny unknown, or allow is unknown with a remedy and deny not true: the answer hangs on those of the two that are
    /// unknown. Reasons: theirs. Remedies: theirs, joined, without <see cref="SessionFacts.Failed"/> (of a session that is there). If this leaves one
    /// of them without any: deny, with no remedies and with <see cref="Reason.StepUpFailed"/> added. Otherwise sign-in, step-up or device, the first in this order that
    /// a remaining remedy calls for.
    /// </para>
    /// <para>Step 5. Otherwise deny, with the reasons of allow.</para>
    /// <para>
    /// <see cref="Decision.Rules"/>: in the steps 1 to 4, and in 5 where allow is unknown, for each side whose reasons are given (allow, deny): the rules of that
    /// side whose own truth is the side's, true or unknown; of allow rules only those in policies whose allow has that truth too.
    /// </para>
    /// <para>
    /// <see cref="Decision.ValidUntil"/>: none after step 0. Otherwise the earliest instant after now among: every instant at which a time criterion
    /// of the policy changes what it says (<c>date</c>, <c>day_of_week</c>, <c>time_of_day</c>, and, with a session, <c>session_age</c>), whatever the rest of the policy says; the
    /// session's <see cref="SessionFacts.Expires"/>, where there is a session and any criterion is about a person; the person's <see cref="PersonFacts.EndDate"/>.
    /// </para>
    /// </remarks>
    /// <param name="facts">What is known.</param>
    /// <returns>The decision; the default denies.</returns>
    public Decision Decide(Facts facts) => _compiled.Decide(facts);

    /// <summary>Tells why, criterion by criterion, with the fact seen: for pages, CLI and console alike.</summary>
    /// <param name="facts">What is known.</param>
    /// <returns>The explanation; safe to show to the person refused.</returns>
    public Explanation Explain(Facts facts) => _explainer.Value.Explain(facts, Decide(facts));

    /// <summary>What a flow must ask for where the outcome is <see cref="Outcome.StepUp"/> or <see cref="Outcome.Device"/>.</summary>
    /// <param name="facts">What is known.</param>
    /// <returns>What is missing.</returns>
    public StepUp Ask(Facts facts) => _explainer.Value.Ask(facts);

    private static List<(int Index, Rule Rule)> Add(ParsedPolicy policy, IEnumerable<Rule> written, List<EffectiveRule> rules)
    {
        var added = new List<(int, Rule)>();
        foreach (var rule in written)
        {
            added.Add((rules.Count, rule));
            rules.Add(new EffectiveRule(rules.Count, policy.Name, rule));
        }

        return added;
    }
}
