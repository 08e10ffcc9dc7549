using Doorward.Policy;

namespace Doorward.Server.Audit;

/// <summary>
/// The one schema, version 1 (docs/audit.md). A record has a body, which stays for ever, and up to two parts of personal data,
/// which can be taken out later without breaking the chain: <c>who</c> asked or acted, and the <c>other</c>, whom the act befell or
/// who acts in another's place.
/// </summary>
internal static class RecordText
{
    /// <summary>Room for any record: a request line of 8 KiB (Kestrel's limit) with every letter escaped, and facts.</summary>
    public const int Largest = 128 * 1024;

    // What a client chooses is bounded, so that no request can make itself unrecordable.
    private const int PathLetters = 8192;
    private const int AgentLetters = 256;
    private const int NameLetters = 512;

    /// <summary>Any one of them suffices to see why; a policy may have ten thousand.</summary>
    private const int MostRules = 8;

    /// <summary>Facts beyond this are left out, and the record says so.</summary>
    private const int FactsEnd = 96 * 1024;

    public static RecordLengths Write(Span<byte> buffer, in DecisionRecord record)
    {
        var json = new JsonText(buffer);
        json.Text("{\"v\":1,\"kind\":\"decision\",\"request\":"u8, record.RequestId, NameLetters);
        json.Text(",\"trace\":"u8, record.TraceId, NameLetters);
        json.Instant(",\"at\":"u8, record.At);
        json.Text(",\"route\":"u8, record.Route, NameLetters);
        json.Text(",\"method\":"u8, record.Method, NameLetters);
        json.Text(",\"host\":"u8, record.Host, NameLetters);
        json.Text(",\"path\":"u8, record.Path, PathLetters);
        json.Text(",\"upstream\":"u8, record.Upstream, NameLetters);
        if (record.Facts?.Kubernetes is { } kubernetes) Kubernetes(ref json, kubernetes);
        json.Text(",\"outcome\":"u8, Words.Of(record.Decision.Outcome));
        json.Text(",\"refusal\":"u8, record.Refusal, NameLetters);
        Reasons(ref json, record.Decision.Reasons);
        Rules(ref json, record.Policy, record.Decision.Rules);
        json.Text(",\"policy\":"u8, record.Policy.Digest);
        json.Number(",\"configuration\":"u8, record.Configuration);
        json.Raw("}"u8);
        var body = json.Length;
        Who(ref json, record);
        var who = json.Length - body;
        if (record.Impersonator is { } impersonator)
        {
            json.Text("{\"person\":"u8, impersonator, NameLetters);
            json.Raw("}"u8);
        }
        return new(body, who, json.Length - body - who);
    }

    public static RecordLengths Write(Span<byte> buffer, in EndRecord record)
    {
        var json = new JsonText(buffer);
        json.Text("{\"v\":1,\"kind\":\"end\",\"request\":"u8, record.RequestId, NameLetters);
        json.Instant(",\"at\":"u8, record.At);
        json.Number(",\"status\":"u8, record.Status);
        json.Number(",\"received\":"u8, record.BytesReceived);
        json.Number(",\"sent\":"u8, record.BytesSent);
        json.Number(",\"microseconds\":"u8, (long)record.Duration.TotalMicroseconds);
        json.Text(",\"ended_by\":"u8, Words.Of(record.EndedBy));
        json.Text(",\"cause\":"u8, record.Cause, NameLetters);
        json.Raw("}"u8);
        return new(json.Length, 0, 0);
    }

    public static RecordLengths Write(Span<byte> buffer, EventRecord record)
    {
        var json = new JsonText(buffer);
        json.Text("{\"v\":1,\"kind\":"u8, Words.Of(record.Kind));
        json.Text(",\"act\":"u8, record.Act, NameLetters);
        json.Instant(",\"at\":"u8, record.At);
        json.Flag(",\"succeeded\":"u8, record.Succeeded);
        json.Text(",\"request\":"u8, record.RequestId, NameLetters);
        json.Text(",\"trace\":"u8, record.TraceId, NameLetters);
        Details(ref json, record.Details);
        json.Raw("}"u8);
        var body = json.Length;
        Of(ref json, record.Actor);
        var who = json.Length - body;
        Of(ref json, record.Target);
        return new(body, who, json.Length - body - who);
    }

    private static void Who(ref JsonText json, in DecisionRecord record)
    {
        var facts = record.Facts;
        json.Raw("{\"v\":1"u8);
        json.Text(",\"person\":"u8, facts?.Person?.Id, NameLetters);
        json.Text(",\"email\":"u8, facts?.Person?.Email, NameLetters);
        json.Text(",\"session\":"u8, facts?.Session?.Id, NameLetters);
        json.Text(",\"device\":"u8, facts?.Device?.Id, NameLetters);
        json.Text(",\"service_account\":"u8, record.ServiceAccount, NameLetters);
        json.Address(",\"address\":"u8, record.Address);
        json.Text(",\"agent\":"u8, record.UserAgent, AgentLetters);
        if (facts is not null)
        {
            var before = json.Length;
            json.Raw(",\"facts\":"u8);
            FactsText.Write(ref json, facts, record.Policy);
            if (json.Overflowed || json.Length > FactsEnd)
            {
                json.Length = before;
                json.Raw(",\"facts_left_out\":true"u8);
            }
        }
        json.Raw("}"u8);
    }

    private static void Of(ref JsonText json, Party? party)
    {
        if (party is null) return;
        json.Raw("{\"v\":1"u8);
        json.Text(",\"person\":"u8, party.PersonId, NameLetters);
        json.Text(",\"email\":"u8, party.Email, NameLetters);
        json.Text(",\"session\":"u8, party.SessionId, NameLetters);
        json.Text(",\"device\":"u8, party.DeviceId, NameLetters);
        json.Text(",\"service_account\":"u8, party.ServiceAccount, NameLetters);
        json.Text(",\"address\":"u8, party.Address, NameLetters);
        json.Text(",\"agent\":"u8, party.UserAgent, AgentLetters);
        json.Raw("}"u8);
    }

    private static void Kubernetes(ref JsonText json, KubernetesFacts kubernetes)
    {
        json.Text(",\"kubernetes\":{\"verb\":"u8, kubernetes.Verb, NameLetters);
        json.Text(",\"group\":"u8, kubernetes.Group, NameLetters);
        json.Text(",\"resource\":"u8, kubernetes.Resource, NameLetters);
        json.Text(",\"subresource\":"u8, kubernetes.Subresource, NameLetters);
        json.Text(",\"namespace\":"u8, kubernetes.Namespace, NameLetters);
        json.Text(",\"name\":"u8, kubernetes.Name, NameLetters);
        json.Raw("}"u8);
    }

    private static void Reasons(ref JsonText json, ReasonSet reasons)
    {
        json.Raw(",\"reasons\":["u8);
        var first = true;
        foreach (var reason in reasons)
        {
            if (!first) json.Raw(","u8);
            json.Text(reason.Code());
            first = false;
        }

        json.Raw("]"u8);
    }

    /// <summary>The rules that decided: index, policy and place, as explanations name them.</summary>
    private static void Rules(ref JsonText json, EffectivePolicy policy, RuleSet deciding)
    {
        if (deciding.IsEmpty) return;
        var written = 0;
        json.Raw(",\"rules\":["u8);
        for (var i = 0; i < policy.Rules.Count && written < MostRules; i++)
        {
            if (!deciding.Has(i)) continue;
            json.Number(written++ == 0 ? "{\"index\":"u8 : ",{\"index\":"u8, i);
            json.Text(",\"policy\":"u8, policy.Rules[i].Origin, NameLetters);
            json.Number(",\"line\":"u8, policy.Rules[i].Syntax.Place.Line);
            json.Raw("}"u8);
        }
        json.Raw("]"u8);
    }

    private static void Details(ref JsonText json, IReadOnlyList<KeyValuePair<string, string>> details)
    {
        if (details.Count == 0) return;
        var before = json.Length;
        json.Raw(",\"details\":{"u8);
        for (var i = 0; i < details.Count; i++)
        {
            json.Text(i == 0 ? default : ","u8, details[i].Key, NameLetters);
            json.Text(":"u8, details[i].Value, NameLetters);
        }
        json.Raw("}"u8);
        if (!json.Overflowed && json.Length <= FactsEnd) return;
        json.Length = before;
        json.Raw(",\"details_left_out\":true"u8);
    }
}

/// <summary>The lengths of a record's parts, which lie one behind the other. 0: there is no such part.</summary>
internal readonly record struct RecordLengths(int Body, int Who, int Other)
{
    public int Total => Body + Who + Other;
}
