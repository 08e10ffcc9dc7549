using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>device</c> and <c>device/&lt;attribute&gt;</c>.</summary>
internal static class DeviceParser
{
    public static Criterion? Device(CriterionInput input)
    {
        // As in the original, where written policies have it: any device.
        if (input.Data is MappingNode { Entries.Count: 0 }) return new DeviceCriterion(DeviceCriterion.AnyType, null, null, input.Place);
        if (DataParser.Fields(input, "type", "is", "approved") is not { } fields) return null;
        var type = fields["type"] is { } written ? DataParser.Text(written, "The type of a device", input.Findings) : DeviceCriterion.AnyType;
        var id = fields["is"] is { } credential ? DataParser.Text(credential, "The id of a device", input.Findings) : null;
        var approved = fields["approved"] is { } flag ? DataParser.Boolean(flag, "«approved»", input.Findings) : null;
        return type is null ? null : new DeviceCriterion(type, id, approved, input.Place);
    }

    public static Criterion? Attribute(CriterionInput input)
    {
        if (ValueMatcherParser.Parse(input) is not { } matcher) return null;
        if (input.SubPath is "compliant" or "approved" && matcher is not { Boolean: not null, List: null, Text: null, Equal: null, Under: null, Over: null, Before: null, After: null })
        {
            input.Findings.WrongType(input.What, "true or false", input.Data);
            return null;
        }

        return new DeviceAttributeCriterion(input.SubPath, matcher, input.Place);
    }
}
