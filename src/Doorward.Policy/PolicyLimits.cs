namespace Doorward.Policy;

/// <summary>How large one policy may be. Beyond, it has a problem: compiling and deciding stay cheap whoever wrote it.</summary>
public static class PolicyLimits
{
    /// <summary>Criteria of one policy. Policies that name ten thousand people one by one are real; beyond, a group is the answer.</summary>
    public const int Criteria = 100_000;

    /// <summary>Names, addresses and other operands of one policy together; as <see cref="Criteria"/>.</summary>
    public const int Operands = 100_000;

    /// <summary>UTF-16 code units of one operand. Longer than any name, path or key that could be compared.</summary>
    public const int OperandLength = 4_096;

    /// <summary>UTF-16 code units of one regular expression: building an automaton is dearer than reading a text.</summary>
    public const int PatternLength = 1_000;

    /// <summary>Regular expressions of one policy; each costs about 20 KiB and 50 µs to build.</summary>
    public const int Patterns = 200;

    /// <summary>
    /// How often the counted repetitions of one regular expression may multiply: <c>(a{9}){9}</c> is 81. The automaton grows by this factor.
    /// </summary>
    public const int PatternRepetitions = 1_000;
}
