using System.Collections.Frozen;
using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>All criteria there are, by name; reads one.</summary>
internal static class CriterionParser
{
    private static readonly CriterionForm[] Forms =
    [
        new("accept", input => DataParser.Unused(input) ? new AcceptCriterion(input.Place) : null),
        new("reject", input => DataParser.Unused(input) ? new RejectCriterion(input.Place) : null),
        new("authenticated_user", input => DataParser.Unused(input) ? new AuthenticatedUserCriterion(input.Place) : null),
        new("user", input => StringMatcherParser.Parse(input) is { } matcher ? new UserCriterion(matcher, input.Place) : null),
        new("email", PersonParser.Email),
        new("domain", PersonParser.Domain),
        new("groups", input => ListMatcherParser.Parse(input) is { } matcher ? new GroupsCriterion(matcher, input.Place) : null),
        new("claim", null, input => ValueMatcherParser.Parse(input) is { } matcher ? new ClaimCriterion(input.SubPath, matcher, input.Place) : null, "claim"),
        new("person", null, input => ValueMatcherParser.Parse(input) is { } matcher ? new PersonCriterion(input.SubPath, matcher, input.Place) : null, "attribute"),
        new("device", DeviceParser.Device, DeviceParser.Attribute, "attribute"),
        new("http_method", HttpParser.Method),
        new("http_path", HttpParser.Path),
        new("http_host", HttpParser.Host),
        new("http_header", null, input => ValueMatcherParser.Parse(input) is { } matcher ? new HttpHeaderCriterion(input.SubPath, matcher, input.Place) : null, "header"),
        new("http_query", null, input => ValueMatcherParser.Parse(input) is { } matcher ? new HttpQueryCriterion(input.SubPath, matcher, input.Place) : null, "parameter"),
        new("cors_preflight", input => DataParser.Unused(input) ? new CorsPreflightCriterion(input.Place) : null),
        new("source_ip", NetworkParser.SourceIp),
        new("client_certificate", CertificateParser.ClientCertificate),
        new("invalid_client_certificate", input => DataParser.Unused(input) ? new InvalidClientCertificateCriterion(input.Place) : null),
        new("mcp_tool", input => StringMatcherParser.Parse(input) is { } matcher ? new McpToolCriterion(matcher, input.Place) : null),
        new("ssh_publickey", input => SshParser.Keys(input) is { } keys ? new SshPublicKeyCriterion(keys, input.Place) : null),
        new("ssh_ca", input => SshParser.Keys(input) is { } keys ? new SshAuthorityCriterion(keys, input.Place) : null),
        new("ssh_username", input => StringMatcherParser.Parse(input) is { } matcher ? new SshUsernameCriterion(matcher, input.Place) : null),
        new("ssh_username_matches_email", input => DataParser.Unused(input) ? new SshUsernameMatchesEmailCriterion(input.Place) : null),
        new("ssh_username_matches_claim", input => DataParser.Text(input.Data, input.What, input.Findings) is { } claim ? new SshUsernameMatchesClaimCriterion(claim, input.Place) : null),
        new("date", TimeParser.Date),
        new("day_of_week", DayOfWeekParser.Parse),
        new("time_of_day", TimeParser.TimeOfDay),
        new("session_age", SessionParser.Age),
        new("authentication", SessionParser.Authentication),
        new("risk", PersonParser.Risk),
        new("record", null, RecordParser.Parse, "record type"),
        new("kubernetes", null, KubernetesParser.Parse, "field"),
    ];

    private static readonly FrozenDictionary<string, CriterionForm> ByName = Forms.ToFrozenDictionary(form => form.Name, StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Forms, form => form.WithSubPath is null || form.Plain is not null ? form.Name : form.Name + "/…");

    public static Criterion? Parse(Node node, Findings findings, Func<string, TimeZoneInfo?> zones)
    {
        if (node is not MappingNode mapping)
        {
            NotAMapping(node, findings);
            return null;
        }

        if (mapping.Entries.Count != 1)
        {
            findings.Error("DW1005", $"A criterion has exactly one name, and this one has {mapping.Entries.Count}.", "Begin each criterion with a «-» of its own.", mapping.Place);
        }

        Criterion? criterion = null;
        foreach (var entry in mapping.Entries) criterion = Parse(entry, findings, zones);
        return criterion;
    }

    private static Criterion? Parse(MappingEntry entry, Findings findings, Func<string, TimeZoneInfo?> zones)
    {
        var slash = entry.Key.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? entry.Key : entry.Key[..slash];
        var subPath = slash < 0 ? "" : entry.Key[(slash + 1)..];
        if (!ByName.TryGetValue(name, out var form))
        {
            Unknown(entry, name, subPath, findings);
            return null;
        }

        var read = subPath.Length > 0 ? form.WithSubPath : form.Plain;
        if (read is not null && (slash < 0 || subPath.Length > 0)) return read(new CriterionInput(entry.Key, subPath, entry.KeyPlace, entry.Value, findings, zones));
        if (form.WithSubPath is null)
            findings.Error("DW1007", $"«{form.Name}» takes nothing behind a «/».", $"Write «{form.Name}:».", entry.KeyPlace);
        else
            findings.Error("DW1007", $"«{form.Name}/» needs the name of the {form.SubPathWord}.", $"Write «{form.Name}/<{form.SubPathWord}>:».", entry.KeyPlace);
        return null;
    }

    private static void Unknown(MappingEntry entry, string name, string subPath, Findings findings)
    {
        if (name is "and" or "or" or "not" or "nor")
        {
            findings.Error("DW1004", $"Operators do not stand inside each other, and «{name}» is one.", "Write another rule: rules of one action are joined by «or».", entry.KeyPlace);
            return;
        }

        var cure = Wording.Nearest(name, ByName.Keys) is { } meant
            ? $"Did you mean «{(subPath.Length > 0 ? meant + "/" + subPath : meant)}»?"
            : $"Write {Wording.Or(Names)}.";
        findings.Error("DW1004", $"There is no criterion {Wording.Quote(name)}.", cure, entry.KeyPlace);
    }

    private static void NotAMapping(Node node, Findings findings)
    {
        if (node is ScalarNode { Kind: ScalarKind.Text } scalar && ByName.TryGetValue(scalar.Text, out var form) && form.Plain is not null)
            findings.Error("DW1005", $"The criterion «{scalar.Text}» lacks its colon.", $"Write «{scalar.Text}: true», or what it is compared with behind the colon.", node.Place);
        else
            findings.WrongType("A criterion", "a mapping of one name to a value", node);
    }
}
