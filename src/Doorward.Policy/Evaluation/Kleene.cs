namespace Doorward.Policy.Evaluation;

/// <summary>Kleene's connectives: the order of <see cref="Truth"/> is false, unknown, true.</summary>
internal static class Kleene
{
    public static Truth Of(bool holds) => holds ? Truth.True : Truth.False;

    public static Truth And(Truth left, Truth right) => left < right ? left : right;
}
