using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>A compiled operator.</summary>
internal sealed class CompiledOperation(OperatorKind kind, Evaluator[] criteria)
{
    public static CompiledOperation Compile(Operation operation)
    {
        var criteria = operation.Operator is OperatorKind.Or or OperatorKind.Not ? Alternatives.Join(operation.Criteria) : operation.Criteria;
        return new CompiledOperation(operation.Operator, [.. criteria.Select(CriterionCompiler.Compile)]);
    }

    public IEnumerable<ITimed> Timed => criteria.OfType<ITimed>();

    public Verdict Judge(in Known known)
    {
        var negated = kind is OperatorKind.Not or OperatorKind.Nor;
        if (criteria.Length == 1) return negated ? criteria[0].Evaluate(known).Negated : criteria[0].Evaluate(known);
        var tally = new Tally();
        foreach (var criterion in criteria)
        {
            var verdict = criterion.Evaluate(known);
            tally.Add(negated ? verdict.Negated : verdict);
        }

        return kind is OperatorKind.And or OperatorKind.Not ? tally.And() : tally.Or();
    }
}

/// <summary>A compiled rule.</summary>
internal sealed class CompiledRule(int index, CompiledOperation[] operations)
{
    /// <summary>Its index in <see cref="EffectivePolicy.Rules"/>.</summary>
    public int Index => index;

    public IEnumerable<ITimed> Timed => operations.SelectMany(operation => operation.Timed);

    public static CompiledRule Compile(int index, Rule rule) => new(index, [.. rule.Operations.Select(CompiledOperation.Compile)]);

    public Verdict Judge(in Known known)
    {
        if (operations.Length == 1) return operations[0].Judge(known);
        var tally = new Tally();
        foreach (var operation in operations) tally.Add(operation.Judge(known));
        return tally.Or();
    }
}
