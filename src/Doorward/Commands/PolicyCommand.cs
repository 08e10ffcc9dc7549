using System.CommandLine;

namespace Doorward.Commands;

/// <summary><c>doorward policy</c>: what people need to write policies and to keep them right.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Check, test and explain policies.")
    {
        PolicyCheck.Create(),
        PolicyTest.Create(),
        PolicyExplain.Create(),
        PolicyShow.Create(),
    };
}
