using System.Net;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>source_ip</c>.</summary>
internal static class NetworkParser
{
    public static Criterion? SourceIp(CriterionInput input)
    {
        if (DataParser.OneOrMore(input.Data, input.What, input.Findings) is not { } texts) return null;
        var networks = new List<IPNetwork>();
        foreach (var text in texts)
        {
            if (Networks.TryParse(text, out var network)) networks.Add(network);
            else input.Findings.Error("DW1013", $"{Wording.Quote(text)} is neither an address nor a network.", "Write an address such as 192.0.2.7 or 2001:db8::7, or a network such as 192.0.2.0/24.", input.Data.Place);
        }

        return networks.Count == texts.Count ? new SourceIpCriterion(networks, input.Place) : null;
    }
}
