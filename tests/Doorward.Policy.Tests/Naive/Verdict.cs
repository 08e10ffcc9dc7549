using System.Collections.Immutable;

namespace Doorward.Policy.Tests.Naive;

/// <summary>A truth with its reasons and, where unknown, its remedies.</summary>
internal sealed record Verdict(Truth Truth, ImmutableSortedSet<Reason> Reasons, Remedies Remedies)
{
    public static Verdict Of(Truth truth, params Reason[] reasons) => new(truth, [.. reasons], Remedies.None);

    public static Verdict And(IReadOnlyList<Verdict> parts) =>
        Has(parts, Truth.False) ? Join(parts, Truth.False)
        : Has(parts, Truth.Unknown) ? Join(parts, Truth.Unknown)
        : Join(parts, Truth.True);

    public static Verdict Or(IReadOnlyList<Verdict> parts) =>
        Has(parts, Truth.True) ? Join(parts, Truth.True)
        : Has(parts, Truth.Unknown) ? Join(parts, Truth.Unknown)
        : Join(parts, Truth.False);

    public Verdict Inverted() => this with { Truth = Truth.True - (byte)Truth };

    private static bool Has(IReadOnlyList<Verdict> parts, Truth truth) => parts.Any(part => part.Truth == truth);

    private static Verdict Join(IReadOnlyList<Verdict> parts, Truth truth)
    {
        var alike = parts.Where(part => part.Truth == truth).ToList();
        var remedies = truth == Truth.Unknown ? alike.Aggregate(Remedies.None, (joined, part) => joined | part.Remedies) : Remedies.None;
        return new(truth, [.. alike.SelectMany(part => part.Reasons)], remedies);
    }
}
