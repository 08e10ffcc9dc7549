using System.Runtime.CompilerServices;

namespace Doorward.Policy.Evaluation;

/// <summary>What all allow rules, or all deny rules, say together.</summary>
/// <param name="Verdict">What they say.</param>
/// <param name="Rules">The rules that made it true or unknown.</param>
/// <remarks>What makes one is not inlined: each copy of the result would widen the caller's frame, which is cleared at every decision.</remarks>
internal readonly record struct Side(Verdict Verdict, RuleSet Rules)
{
    public Truth Truth => Verdict.Truth;

    /// <summary>Kleene's «and» over policies; false, without reasons, over none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Side Allow(CompiledRule[][] policies, in Known known)
    {
        if (policies.Length == 0) return default;
        if (policies.Length == 1) return Or(policies[0], known);
        var joined = Verdict.True;
        var deciding = new RuleMarks();
        foreach (var policy in policies)
        {
            var verdict = Judge(policy, known, out var marks);
            joined = joined.And(verdict);
            deciding.AddDeciding(marks, verdict.Truth);
        }

        return new Side(joined, deciding.Of(joined.Truth));
    }

    /// <summary>Kleene's «or» over rules.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Side Or(CompiledRule[] rules, in Known known)
    {
        // Most policies have one rule of an action, or none.
        if (rules.Length == 0) return default;
        if (rules.Length == 1) return Of(rules[0].Judge(known), rules[0].Index);
        var verdict = Judge(rules, known, out var marks);
        return new Side(verdict, marks.Of(verdict.Truth));
    }

    private static Side Of(in Verdict verdict, int rule) => new(verdict, verdict.Truth == Truth.False ? RuleSet.None : RuleSet.None.With(rule));

    private static Verdict Judge(CompiledRule[] rules, in Known known, out RuleMarks marks)
    {
        marks = default;
        var joined = Verdict.False;
        foreach (var rule in rules)
        {
            var verdict = rule.Judge(known);
            joined = joined.Or(verdict);
            marks.Add(rule.Index, verdict.Truth);
        }

        return joined;
    }
}
