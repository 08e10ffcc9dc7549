namespace Doorward.Server.Audit.Verification;

/// <summary>Something that an untouched trail does not have.</summary>
/// <param name="Node">The chain.</param>
/// <param name="Sequence">The first record that is not as it was written; 0 where the whole chain is meant.</param>
/// <param name="What">What is wrong with it.</param>
internal sealed record Finding(string Node, long Sequence, string What)
{
    public override string ToString() => Sequence == 0 ? $"{Node}: {What}" : $"{Node}, record {Sequence}: {What}";
}

/// <summary>A chain that was read.</summary>
internal sealed record VerifiedChain(string Node, long First, long Last, long Records, long TakenOut);

/// <summary>What verifying found.</summary>
/// <param name="Chains">What was read.</param>
/// <param name="Findings">In the order found; none: every record is as it was written.</param>
/// <param name="Notes">What a reader has to know to judge how much that says.</param>
internal sealed record VerifyReport(IReadOnlyList<VerifiedChain> Chains, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes)
{
    public bool IsSound => Findings.Count == 0;
}
