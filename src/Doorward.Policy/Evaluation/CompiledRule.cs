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
        var all = kind is OperatorKind.And or OperatorKind.Not;
        var verdict = all ? Verdict.True : Verdict.False;
        foreach (var criterion in criteria)
        {
            var part = criterion.Evaluate(known);
            if (negated) part = part.Negated;
            verdict = all ? verdict.And(part) : verdict.Or(part);
        }

        return verdict;
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
        var verdict = Verdict.False;
        foreach (var operation in operations) verdict = verdict.Or(operation.Judge(known));
        return verdict;
    }
}
