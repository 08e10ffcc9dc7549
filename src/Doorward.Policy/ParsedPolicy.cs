using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy;

/// <summary>A policy text that was read and checked, not yet joined with others.</summary>
public sealed class ParsedPolicy
{
    /// <summary>The name that rules carry as their origin.</summary>
    public required string Name { get; init; }

    /// <summary>What it says, in normal form.</summary>
    public required PolicySyntax Syntax { get; init; }

    /// <summary>Reads and checks a policy.</summary>
    /// <param name="name">The name that its rules carry as their origin.</param>
    /// <param name="node">The policy, as <see cref="NodeReader"/> read it.</param>
    /// <param name="zones">Finds a time zone by its IANA name; null where there is none such.</param>
    /// <param name="problems">Every problem found is added here.</param>
    /// <returns>The policy; null where any of the problems is an error.</returns>
    public static ParsedPolicy? Parse(string name, Node node, Func<string, TimeZoneInfo?> zones, ICollection<Problem> problems) => throw new NotImplementedException();
}
