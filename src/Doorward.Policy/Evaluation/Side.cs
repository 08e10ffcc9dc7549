namespace Doorward.Policy.Evaluation;

/// <summary>What all allow rules, or all deny rules, say together.</summary>
/// <param name="Verdict">What they say.</param>
/// <param name="Rules">The rules that made it true or unknown.</param>
internal readonly record struct Side(Verdict Verdict, RuleSet Rules)
{
    public Truth Truth => Verdict.Truth;

    /// <summary>Kleene's «and» over policies; false, without reasons, over none.</summary>
    public static Side Allow(CompiledRule[][] policies, in Known known)
    {
        if (policies.Length == 0) return default;
        if (policies.Length == 1) return Or(policies[0], known);
        var tally = new Tally();
        var deciding = new RuleMarks();
        foreach (var policy in policies)
        {
            var verdict = Judge(policy, known, out var marks);
            tally.Add(verdict);
            deciding.AddDeciding(marks, verdict.Truth);
        }

        var joined = tally.And();
        return new Side(joined, deciding.Of(joined.Truth));
    }

    /// <summary>Kleene's «or» over rules.</summary>
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
        var tally = new Tally();
        foreach (var rule in rules)
        {
            var verdict = rule.Judge(known);
            tally.Add(verdict);
            marks.Add(rule.Index, verdict.Truth);
        }

        return tally.Or();
    }
}
