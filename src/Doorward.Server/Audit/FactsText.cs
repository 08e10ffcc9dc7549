using Doorward.Policy;

namespace Doorward.Server.Audit;

/// <summary>
/// The facts that a policy read, so that the decision can be taken again. The keys are those of case files (docs/policy.md);
/// what the record says elsewhere (person, session, address, request line) is not said twice. Only what the policy mentions.
/// </summary>
internal static class FactsText
{
    public static void Write(ref JsonText json, Facts facts, EffectivePolicy policy)
    {
        var (reads, names) = (policy.Reads, policy.Names);
        json.Raw("{\"now\":"u8);
        json.Instant(facts.Now);
        if (facts.Session is { } session) Session(ref json, session, reads, names);
        if (facts.Person is { } person) Person(ref json, person, reads, names);
        if (facts.Device is { } device && reads.HasFlag(FactKinds.Device)) Device(ref json, device, names);
        if (facts.Request is { } request && !names.All) Request(ref json, request, names);
        if (facts.Certificate is { } certificate && reads.HasFlag(FactKinds.Certificate)) Certificate(ref json, certificate);
        if (facts.Risk is { } risk && reads.HasFlag(FactKinds.Risk)) Risk(ref json, risk);
        if (facts.Records is { } records && reads.HasFlag(FactKinds.Record)) Records(ref json, records, names);
        if (facts.Mcp is { } mcp) Mcp(ref json, mcp);
        if (facts.Ssh is { } ssh) Ssh(ref json, ssh);
        json.Raw("}"u8);
    }

    private static void Session(ref JsonText json, SessionFacts session, FactKinds reads, FactNames names)
    {
        json.Raw(",\"session\":{\"failed\":"u8);
        json.Number(default, (int)session.Failed);
        json.Instant(",\"auth_time\":"u8, session.AuthTime);
        json.Instant(",\"expires\":"u8, session.Expires);
        json.Text(",\"provider\":"u8, session.Provider);
        json.Text(",\"acr\":"u8, session.Acr);
        Texts(ref json, ",\"amr\":"u8, session.Amr);
        if (reads.HasFlag(FactKinds.Claims)) Values(ref json, ",\"claims\":{"u8, session.Claims, names.All ? null : names.Claims);
        json.Raw("}"u8);
    }

    private static void Person(ref JsonText json, PersonFacts person, FactKinds reads, FactNames names)
    {
        json.Raw(",\"person\":{"u8);
        json.Flag("\"email_verified\":"u8, person.EmailVerified);
        json.Flag(",\"active\":"u8, person.Active ? null : false);
        json.Instant(",\"end_date\":"u8, person.EndDate);
        if (person.Groups is { } groups && reads.HasFlag(FactKinds.Groups)) Groups(ref json, groups, names);
        Values(ref json, ",\"attributes\":{"u8, person.Attributes, names.All ? null : names.PersonAttributes);
        json.Raw("}"u8);
    }

    private static void Groups(ref JsonText json, IReadOnlyList<GroupFact> groups, FactNames names)
    {
        json.Raw(",\"groups\":["u8);
        var first = true;
        for (var i = 0; i < groups.Count; i++)
        {
            var group = groups[i];
            if (!names.Keeps(group)) continue;
            json.Text(first ? "{\"id\":"u8 : ",{\"id\":"u8, group.Id);
            json.Text(",\"name\":"u8, group.Name);
            json.Text(",\"email\":"u8, group.Email);
            json.Raw("}"u8);
            first = false;
        }
        json.Raw("]"u8);
    }

    private static void Device(ref JsonText json, DeviceFacts device, FactNames names)
    {
        json.Raw(",\"device\":{"u8);
        json.Text("\"id\":"u8, device.Id);
        json.Flag(",\"compliant\":"u8, device.Compliant);
        json.Flag(",\"approved\":"u8, device.Approved);
        Texts(ref json, ",\"types\":"u8, device.Types);
        Values(ref json, ",\"attributes\":{"u8, device.Attributes, names.All ? null : names.DeviceAttributes);
        json.Raw("}"u8);
    }

    private static void Request(ref JsonText json, RequestFacts request, FactNames names)
    {
        if (names.Headers.Count == 0 && names.QueryParameters.Count == 0) return;
        json.Raw(",\"request\":{"u8);
        Lookup(ref json, "\"headers\":{"u8, names.Headers, request.Header);
        Lookup(ref json, ",\"query\":{"u8, names.QueryParameters, request.Query);
        json.Raw("}"u8);
    }

    private static void Lookup(ref JsonText json, ReadOnlySpan<byte> name, IReadOnlyList<string> keys, Func<string, IReadOnlyList<string>> values)
    {
        json.Raw(name);
        var first = true;
        for (var i = 0; i < keys.Count; i++)
        {
            if (Secrets.Named(keys[i]) || values(keys[i]) is not { Count: > 0 } found) continue;
            json.Text(first ? default : ","u8, keys[i]);
            Texts(ref json, ":"u8, found);
            first = false;
        }
        json.Raw("}"u8);
    }

    private static void Certificate(ref JsonText json, CertificateFacts certificate)
    {
        json.Raw(",\"client_certificate\":{"u8);
        json.Flag("\"valid\":"u8, certificate.Valid);
        json.Text(",\"fingerprint\":"u8, certificate.Fingerprint);
        json.Text(",\"spki_hash\":"u8, certificate.SpkiHash);
        Texts(ref json, ",\"san_email\":"u8, certificate.SanEmail);
        Texts(ref json, ",\"san_dns\":"u8, certificate.SanDns);
        Texts(ref json, ",\"san_uri\":"u8, certificate.SanUri);
        json.Raw("}"u8);
    }

    private static void Risk(ref JsonText json, RiskFacts risk)
    {
        json.Raw(",\"risk\":{"u8);
        Level(ref json, "\"person\":"u8, risk.Person);
        Level(ref json, risk.Person is null ? "\"session\":"u8 : ",\"session\":"u8, risk.Session);
        Level(ref json, risk is { Person: null, Session: null } ? "\"device\":"u8 : ",\"device\":"u8, risk.Device);
        json.Raw("}"u8);
    }

    private static void Level(ref JsonText json, ReadOnlySpan<byte> name, RiskLevel? level)
    {
        if (level is not { } known) return;
        json.Raw(name);
        json.Raw(known switch { RiskLevel.Low => "\"low\""u8, RiskLevel.Medium => "\"medium\""u8, _ => "\"high\""u8 });
    }

    private static void Records(ref JsonText json, IReadOnlyDictionary<string, IReadOnlyDictionary<string, FactValue>> records, FactNames names)
    {
        json.Raw(",\"records\":{"u8);
        var first = true;
        foreach (var (type, fields) in records)
        {
            if (!names.All && !names.Records.Contains(type)) continue;
            json.Text(first ? default : ","u8, type);
            Values(ref json, ":{"u8, fields, null);
            first = false;
        }
        json.Raw("}"u8);
    }

    private static void Mcp(ref JsonText json, McpFacts mcp)
    {
        json.Text(",\"mcp\":{\"method\":"u8, mcp.Method ?? "");
        json.Text(",\"tool\":"u8, mcp.Tool);
        json.Raw("}"u8);
    }

    private static void Ssh(ref JsonText json, SshFacts ssh)
    {
        json.Text(",\"ssh\":{\"username\":"u8, ssh.Username ?? "");
        json.Text(",\"publickey\":"u8, ssh.PublicKey);
        json.Text(",\"ca\":"u8, ssh.CertificateAuthority);
        Texts(ref json, ",\"principals\":"u8, ssh.Principals);
        json.Raw("}"u8);
    }

    /// <summary>Values under the names given, or all of them for null.</summary>
    private static void Values(ref JsonText json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, FactValue> values, IReadOnlyList<string>? names)
    {
        if (values.Count == 0 || names is { Count: 0 }) return;
        json.Raw(name);
        var first = true;
        if (names is null)
        {
            foreach (var (key, value) in values) Value(ref json, ref first, key, value);
        }
        else
        {
            for (var i = 0; i < names.Count; i++)
                if (values.TryGetValue(names[i], out var value)) Value(ref json, ref first, names[i], value);
        }
        json.Raw("}"u8);
    }

    private static void Value(ref JsonText json, ref bool first, string name, FactValue value)
    {
        if (Secrets.Named(name)) return;
        json.Text(first ? default : ","u8, name);
        first = false;
        switch (value.Value)
        {
            case string text: json.Text(":"u8, text); break;
            case IReadOnlyList<string> texts: Texts(ref json, ":"u8, texts); break;
            case bool flag: json.Flag(":"u8, flag); break;
            case double number when double.IsFinite(number): json.Number(":"u8, number); break;
            // A text would be compared otherwise than an instant: the member says which it is.
            case DateTimeOffset instant: json.Instant(":{\"instant\":"u8, instant); json.Raw("}"u8); break;
            default: json.Raw(":null"u8); break;
        }
    }

    private static void Texts(ref JsonText json, ReadOnlySpan<byte> name, IReadOnlyList<string>? texts)
    {
        if (texts is null) return;
        json.Raw(name);
        json.Raw("["u8);
        for (var i = 0; i < texts.Count; i++) json.Text(i == 0 ? default : ","u8, texts[i]);
        json.Raw("]"u8);
    }
}
