namespace Doorward.Policy;

/// <summary>A set of reason codes, as the bits of one integer: joining two sets allocates nothing.</summary>
/// <param name="Bits">One bit a <see cref="Reason"/>.</param>
public readonly record struct ReasonSet(UInt128 Bits)
{
    /// <summary>No reasons.</summary>
    public static ReasonSet None => default;

    /// <summary>A set of one.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>The set.</returns>
    public static ReasonSet Of(Reason reason) => new(UInt128.One << (int)reason);

    /// <summary>Joins two sets.</summary>
    /// <param name="left">One set.</param>
    /// <param name="right">The other.</param>
    /// <returns>What is in either.</returns>
    public static ReasonSet operator |(ReasonSet left, ReasonSet right) => new(left.Bits | right.Bits);

    /// <inheritdoc cref="op_BitwiseOr"/>
    public static ReasonSet BitwiseOr(ReasonSet left, ReasonSet right) => left | right;

    /// <summary>Whether a reason is in the set.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>True where it is.</returns>
    public bool Has(Reason reason) => (Bits >> (int)reason & UInt128.One) != UInt128.Zero;

    /// <summary>The codes as they are written in audit records and case files, such as <c>groups-ok</c>, in the order of <see cref="Reason"/>.</summary>
    /// <returns>The codes.</returns>
    public IReadOnlyList<string> Codes()
    {
        var codes = new List<string>();
        for (var rest = Bits; rest != UInt128.Zero; rest &= rest - UInt128.One)
            codes.Add(((Reason)(int)UInt128.TrailingZeroCount(rest)).Code());
        return codes;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Codes());
}
