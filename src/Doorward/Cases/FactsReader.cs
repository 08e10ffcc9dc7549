using System.Net;
using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Cases;

/// <summary>Facts as people write them in case files and in files for <c>policy explain --facts</c>; docs/policy.md shows every one.</summary>
internal static class FactsReader
{
    /// <summary>The instant of a case that names none: fixed, so that a case answers alike on every day.</summary>
    public static readonly DateTimeOffset DefaultNow = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, RiskLevel> _levels = new() { ["low"] = RiskLevel.Low, ["medium"] = RiskLevel.Medium, ["high"] = RiskLevel.High };

    public static Facts Read(Node? node, ICollection<Problem> problems) =>
        Fields.Read(node, "facts", problems, Read) ?? new() { Now = DefaultNow };

    private static Facts Read(Fields fields)
    {
        var session = fields.Read("session", SessionReader.ReadSession);
        return new()
        {
            Now = fields.Instant("now") ?? DefaultNow,
            Route = fields.Text("route"),
            Session = session?.Session,
            Person = fields.Read("person", person => SessionReader.ReadPerson(person, session?.Person)) ?? SessionReader.PersonOf(session),
            Device = fields.Read("device", ReadDevice),
            Request = fields.Read("request", ReadRequest),
            SourceIp = ReadAddress(fields),
            Certificate = fields.Read("client_certificate", ReadCertificate),
            Kubernetes = fields.Read("kubernetes", ReadKubernetes),
            Risk = fields.Read("risk", risk => new RiskFacts(risk.OneOf("person", _levels), risk.OneOf("session", _levels), risk.OneOf("device", _levels))),
            Records = fields.Read("records", ReadRecords),
            Mcp = fields.Read("mcp", mcp => new McpFacts(mcp.Text("method"), mcp.Text("tool"))),
            Ssh = fields.Read("ssh", ssh => new SshFacts(ssh.Text("username"), ssh.Text("publickey"), ssh.Text("ca"), ssh.Texts("principals"))),
            Locks = LocksReader.Read(fields),
        };
    }

    private static DeviceFacts ReadDevice(Fields device) => new()
    {
        Id = device.Text("id") ?? "device",
        Compliant = device.Flag("compliant"),
        Approved = device.Flag("approved"),
        Types = device.Texts("types") ?? [],
        Attributes = device.Read("attributes", FactValueReader.ReadFields) ?? FactValue.NoFields,
    };

    private static RequestFacts ReadRequest(Fields request)
    {
        var headers = request.Read("headers", fields => ReadValues(fields, StringComparer.OrdinalIgnoreCase)) ?? [];
        var query = request.Read("query", fields => ReadValues(fields, StringComparer.Ordinal)) ?? [];
        return new()
        {
            Method = request.Text("method") ?? "GET",
            Host = request.Text("host") ?? "",
            Path = request.Text("path") ?? "/",
            Header = name => headers.GetValueOrDefault(name) ?? [],
            Query = name => query.GetValueOrDefault(name) ?? [],
        };
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadValues(Fields fields, StringComparer comparer)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(comparer);
        foreach (var entry in fields.All())
            values[entry.Key] = [.. values.GetValueOrDefault(entry.Key) ?? [], .. fields.Texts(entry.Value, $"«{entry.Key}»")];
        return values;
    }

    private static IPAddress? ReadAddress(Fields fields)
    {
        if (fields.Text("source_ip") is not { } text) return null;
        if (IPAddress.TryParse(text, out var address)) return address;
        fields.Report(fields.Take("source_ip")!, "source_ip", "an IP address such as 10.0.0.1 or 2001:db8::1");
        return null;
    }

    private static CertificateFacts ReadCertificate(Fields certificate) => new()
    {
        Fingerprint = certificate.Text("fingerprint") ?? "",
        SpkiHash = certificate.Text("spki_hash"),
        SanEmail = certificate.Texts("san_email") ?? [],
        SanDns = certificate.Texts("san_dns") ?? [],
        SanUri = certificate.Texts("san_uri") ?? [],
        Valid = certificate.Flag("valid") ?? false,
    };

    private static KubernetesFacts ReadKubernetes(Fields request) => new(
        request.Text("verb") ?? "", request.Text("group") ?? "", request.Text("resource") ?? "",
        request.Text("subresource") ?? "", request.Text("namespace") ?? "", request.Text("name") ?? "");

    private static Dictionary<string, IReadOnlyDictionary<string, FactValue>> ReadRecords(Fields records) =>
        records.All().ToDictionary(entry => entry.Key, entry => records.Read(entry.Key, FactValueReader.ReadFields) ?? FactValue.NoFields);
}
