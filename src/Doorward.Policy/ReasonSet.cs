using System.Numerics;
using System.Runtime.InteropServices;

namespace Doorward.Policy;

/// <summary>A set of reason codes. Joining two sets allocates nothing.</summary>
/// <remarks>Twelve bytes for up to 96 reasons, so that a verdict fits into two registers: where it lies in memory, it is written by parts and read whole, which stalls the processor.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct ReasonSet
{
    private readonly ulong _low;
    private readonly uint _high;

    private ReasonSet(ulong low, uint high) => (_low, _high) = (low, high);

    /// <summary>No reasons.</summary>
    public static ReasonSet None => default;

    /// <summary>A set of one.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>The set.</returns>
    public static ReasonSet Of(Reason reason) => (int)reason < 64 ? new(1UL << (int)reason, 0) : new(0, 1U << (int)reason - 64);

    /// <summary>Joins two sets.</summary>
    /// <param name="left">One set.</param>
    /// <param name="right">The other.</param>
    /// <returns>What is in either.</returns>
    public static ReasonSet operator |(ReasonSet left, ReasonSet right) => new(left._low | right._low, left._high | right._high);

    /// <inheritdoc cref="op_BitwiseOr"/>
    public static ReasonSet BitwiseOr(ReasonSet left, ReasonSet right) => left | right;

    /// <summary>Whether a reason is in the set.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>True where it is.</returns>
    public bool Has(Reason reason) => Overlaps(Of(reason));

    /// <summary>Whether two sets have a reason in common.</summary>
    /// <param name="other">The other set.</param>
    /// <returns>True where they have.</returns>
    public bool Overlaps(ReasonSet other) => (_low & other._low) != 0 || (_high & other._high) != 0;

    /// <summary>Goes over the reasons in the order of <see cref="Reason"/>, without allocating.</summary>
    /// <returns>What goes over them.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The codes as they are written in audit records and case files, such as <c>groups-ok</c>, in the order of <see cref="Reason"/>.</summary>
    /// <returns>The codes.</returns>
    public IReadOnlyList<string> Codes()
    {
        var codes = new List<string>();
        foreach (var reason in this) codes.Add(reason.Code());
        return codes;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Codes());

    /// <summary>Goes over a set.</summary>
    public ref struct Enumerator
    {
        private ulong _low;
        private uint _high;

        internal Enumerator(ReasonSet set) => (_low, _high) = (set._low, set._high);

        /// <summary>The reason that it stands at.</summary>
        public Reason Current { get; private set; }

        /// <summary>Steps to the next reason.</summary>
        /// <returns>False where there is none.</returns>
        public bool MoveNext()
        {
            if ((_low | _high) == 0) return false;
            Current = (Reason)(_low != 0 ? BitOperations.TrailingZeroCount(_low) : 64 + BitOperations.TrailingZeroCount(_high));
            if (_low != 0) _low &= _low - 1;
            else _high &= _high - 1;
            return true;
        }
    }
}
