namespace Doorward.Policy;

/// <summary>A set of reason codes, as the bits of one integer: joining two sets allocates nothing.</summary>
/// <param name="Bits">One bit a <see cref="Reason"/>.</param>
public readonly record struct ReasonSet(UInt128 Bits)
{
    /// <summary>No reasons.</summary>
    public static ReasonSet None => default;

    /// <summary>The codes as they are written in audit records and case files, such as <c>groups-ok</c>, in the order of <see cref="Reason"/>.</summary>
    public IReadOnlyList<string> Codes() => throw new NotImplementedException();
}

/// <summary>Why a criterion is true, false or unknown: a closed set.</summary>
public enum Reason
{
    /// <summary>accept.</summary>
    Accept,
}
