namespace Doorward.Policy.Evaluation;

/// <summary>Collects rules by their truth while they are judged; allocates only above 64 rules.</summary>
internal struct RuleMarks
{
    private RuleSet.Builder _true;
    private RuleSet.Builder _unknown;

    public void Add(int index, Truth truth)
    {
        if (truth == Truth.True) _true.Add(index);
        else if (truth == Truth.Unknown) _unknown.Add(index);
    }

    /// <summary>Adds what decided in one part: its rules whose truth is the part's.</summary>
    public void AddDeciding(in RuleMarks part, Truth truth)
    {
        if (truth == Truth.True) _true.Add(part._true);
        else if (truth == Truth.Unknown) _unknown.Add(part._unknown);
    }

    /// <summary>The rules of one truth; none are kept that are false, for they decide nothing.</summary>
    public readonly RuleSet Of(Truth truth) => truth switch
    {
        Truth.True => _true.Build(),
        Truth.Unknown => _unknown.Build(),
        _ => RuleSet.None,
    };
}
