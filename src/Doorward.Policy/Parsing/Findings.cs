using Doorward.Policy.Documents;

namespace Doorward.Policy.Parsing;

/// <summary>The problems found in one policy, and what is used up of its <see cref="PolicyLimits"/>.</summary>
internal sealed class Findings(ICollection<Problem> problems)
{
    private int _criteria;
    private int _operands;
    private int _patterns;

    /// <summary>Whether anything makes the policy unusable.</summary>
    public bool HasErrors { get; private set; }

    public void Error(string id, string message, string cure, Place place)
    {
        HasErrors = true;
        problems.Add(new Problem(id, Severity.Error, message, cure, place));
    }

    public void Warn(string id, string message, string cure, Place place) => problems.Add(new Problem(id, Severity.Warning, message, cure, place));

    /// <summary>A name that is none of those there are.</summary>
    public void Unknown(string id, string what, string name, IReadOnlyList<string> names, Place place, string where = "")
    {
        var cure = Wording.Nearest(name, names) is { } meant ? $"Did you mean «{meant}»?" : $"Write {Wording.Or(names)}.";
        Error(id, $"There is no {what} {Wording.Quote(name)}{where}.", cure, place);
    }

    /// <summary>A value of another type than asked for.</summary>
    public void WrongType(string what, string expected, Node found) =>
        Error("DW1006", $"{what} must be {expected}, and is {Describe(found)}.", CureOfType(expected, found), found.Place);

    /// <summary>Counts one criterion; false, with a problem the first time, where there are too many.</summary>
    public bool CountCriterion(Place place) => Count(ref _criteria, PolicyLimits.Criteria, "criteria", "Put the people into a group and name that.", place);

    /// <summary>Counts one operand; false, with a problem the first time, where there are too many.</summary>
    public bool CountOperand(Place place) => Count(ref _operands, PolicyLimits.Operands, "values", "Put the people into a group and name that.", place);

    /// <summary>Counts one regular expression; false, with a problem the first time, where there are too many.</summary>
    public bool CountPattern(Place place) => Count(ref _patterns, PolicyLimits.Patterns, "regular expressions", "Join some of them, or compare names.", place);

    private bool Count(ref int count, int limit, string what, string cure, Place place)
    {
        if (count > limit) return false;
        if (++count <= limit) return true;
        Error("DW1016", $"A policy may have {limit} {what}, and this one has more.", cure, place);
        return false;
    }

    private static string Describe(Node node) => node switch
    {
        MappingNode => "a mapping",
        SequenceNode => "a list",
        ScalarNode { Kind: ScalarKind.Null } => "empty",
        ScalarNode { Kind: ScalarKind.Number } scalar => "the number " + Wording.Quote(scalar.Text),
        ScalarNode { Kind: ScalarKind.Boolean } scalar => "the boolean " + Wording.Quote(scalar.Text),
        _ => "a text",
    };

    private static string CureOfType(string expected, Node found) => found is ScalarNode { Kind: ScalarKind.Number or ScalarKind.Boolean } scalar && expected.Contains("text", StringComparison.Ordinal)
        ? $"If it is a text, write it in quotes: \"{scalar.Text}\"."
        : $"Write {expected}.";
}
