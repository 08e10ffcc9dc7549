using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>record/&lt;type&gt;</c>: a field, and a matcher under <c>matcher</c> or beside it.</summary>
internal static class RecordParser
{
    public static Criterion? Parse(CriterionInput input)
    {
        if (input.Data is not MappingNode mapping || mapping["field"] is not { } written)
        {
            input.Findings.Error("DW1009", $"«{input.Key}» needs the name of a field, and what it must be.", "Write { field: <name>, matcher: <value> }.", input.Data.Place);
            return null;
        }

        var field = DataParser.Text(written, "The name of the field", input.Findings);
        var beside = mapping with { Entries = [.. mapping.Entries.Where(entry => entry.Key is not ("field" or "matcher"))] };
        if (mapping["matcher"] is not null)
        {
            foreach (var entry in beside.Entries) input.Findings.Unknown("DW1008", "field", entry.Key, ["field", "matcher"], entry.KeyPlace, $" in «{input.Key}»");
        }

        var matcher = ValueMatcherParser.Parse(mapping["matcher"] ?? beside, input.What, input.Findings);
        return field is null || matcher is null ? null : new RecordCriterion(input.SubPath, field, matcher, input.Place);
    }
}
