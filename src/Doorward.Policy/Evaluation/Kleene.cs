using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>Kleene's connectives: the order of <see cref="Truth"/> is false, unknown, true.</summary>
internal static class Kleene
{
    public static Truth Of(bool holds) => holds ? Truth.True : Truth.False;

    public static Truth And(Truth left, Truth right) => left < right ? left : right;

    public static Truth Or(Truth left, Truth right) => left > right ? left : right;

    public static Truth Not(Truth truth) => (Truth)(Truth.True - truth);

    /// <summary>What an operator says of its criteria.</summary>
    public static Truth Join(OperatorKind kind, IEnumerable<Truth> criteria) => kind switch
    {
        OperatorKind.And => criteria.Aggregate(Truth.True, And),
        OperatorKind.Or => criteria.Aggregate(Truth.False, Or),
        OperatorKind.Not => criteria.Select(Not).Aggregate(Truth.True, And),
        _ => criteria.Select(Not).Aggregate(Truth.False, Or),
    };
}
