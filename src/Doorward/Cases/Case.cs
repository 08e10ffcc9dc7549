using Doorward.Policy;

namespace Doorward.Cases;

/// <summary>One case: what is known, and what the policy is to answer.</summary>
internal sealed record Case(string Name, Place Place, Facts Facts, Expectation Expected)
{
    public static Case Read(Fields fields, int number, ICollection<Problem> problems) => new(
        fields.Text("name") ?? $"case {number}",
        fields.Place,
        FactsReader.Read(fields.Take("facts"), problems),
        Expectation.Read(fields.Take("expect"), problems));
}
