namespace Doorward.Policy.Evaluation;

/// <summary>Joins verdicts by Kleene's «and» or «or», with their reasons and remedies.</summary>
internal struct Tally
{
    private ReasonSet _true;
    private ReasonSet _unknown;
    private ReasonSet _false;
    private Remedies _remedies;
    private bool _anyTrue;
    private bool _anyUnknown;
    private bool _anyFalse;

    public void Add(in Verdict part)
    {
        switch (part.Truth)
        {
            case Truth.True:
                _anyTrue = true;
                _true |= part.Reasons;
                break;
            case Truth.False:
                _anyFalse = true;
                _false |= part.Reasons;
                break;
            default:
                _anyUnknown = true;
                _unknown |= part.Reasons;
                _remedies |= part.Remedies;
                break;
        }
    }

    /// <summary>False if any is; over nothing true.</summary>
    public readonly Verdict And() =>
        _anyFalse ? new(Truth.False, Remedies.None, _false) :
        _anyUnknown ? new(Truth.Unknown, _remedies, _unknown) :
        new(Truth.True, Remedies.None, _true);

    /// <summary>True if any is; over nothing false.</summary>
    public readonly Verdict Or() =>
        _anyTrue ? new(Truth.True, Remedies.None, _true) :
        _anyUnknown ? new(Truth.Unknown, _remedies, _unknown) :
        new(Truth.False, Remedies.None, _false);
}
