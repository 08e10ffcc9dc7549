namespace Doorward;

/// <summary>What the process returns; docs and people's scripts rely on them.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It ran, and the answer is no: cases failed, a check found something.</summary>
    public const int Failed = 1;

    /// <summary>What somebody wrote has problems: a file, or the command line itself.</summary>
    public const int Problems = 2;

    /// <summary>A fault of ours; sysexits' EX_SOFTWARE.</summary>
    public const int Fault = 70;
}
