using Doorward.Policy.Documents;

namespace Doorward.Policy.Tests.Random;

/// <summary>
/// Plants a mark in every value that an explanation must not tell: in facts all but the person's own e-mail address, groups and
/// network address; in policies whatever may be another person's, a secret, or tell what is protected elsewhere. Both alike, so that what
/// matched still matches.
/// </summary>
internal static class Secrets
{
    public const string Mark = "zzsecret";

    /// <summary>What these criteria name may be shown: names of groups, domains and the like, states and times.</summary>
    private static readonly string[] _open =
        ["groups", "domain", "http_method", "device", "day_of_week", "date", "time_of_day", "session_age", "risk", "authentication", "source_ip", "client_certificate", "ssh_publickey", "ssh_ca", "ssh_username_matches_claim"];

    public static Pair Planted(Pair pair) => new(
        new([.. pair.Policy.Policies.Select(Rules)], [.. pair.Policy.Guardrails.Select(Rules)]), Planted(pair.Facts));

    private static Node Rules(Node node) => node switch
    {
        SequenceNode list => list with { Items = [.. list.Items.Select(Rules)] },
        MappingNode map => map with
        {
            Entries = [.. map.Entries.Select(entry => entry.Key is "allow" or "deny" or "and" or "or" or "not" or "nor"
                ? entry with { Value = Rules(entry.Value) }
                : _open.Contains(entry.Key) || entry.Key.StartsWith("kubernetes/", StringComparison.Ordinal) ? entry : entry with { Value = Marked(entry.Value) })],
        },
        _ => node,
    };

    private static Node Marked(Node node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Text } text => text with { Text = Marked(text.Text) },
        SequenceNode list => list with { Items = [.. list.Items.Select(Marked)] },
        MappingNode map => map with { Entries = [.. map.Entries.Select(entry => entry.Key is "before" or "after" or "field" ? entry : entry with { Value = Marked(entry.Value) })] },
        _ => node,
    };

    private static string Marked(string text) => Mark + text;

    private static string? MarkedOrNull(string? text) => text is null ? null : Marked(text);

    private static FactValue Marked(FactValue fact) => fact.Value switch
    {
        string text => new(Marked(text)),
        IReadOnlyList<string> list => new((IReadOnlyList<string>)[.. list.Select(Marked)]),
        _ => fact,
    };

    private static Dictionary<string, FactValue> Marked(IReadOnlyDictionary<string, FactValue> fields) => fields.ToDictionary(field => field.Key, field => Marked(field.Value));

    private static Facts Planted(Facts facts) => new()
    {
        Now = facts.Now,
        Route = MarkedOrNull(facts.Route),
        SourceIp = facts.SourceIp,
        Kubernetes = facts.Kubernetes,
        Risk = facts.Risk,
        Session = facts.Session is { } session ? new() { Id = Marked(session.Id), AuthTime = session.AuthTime, Expires = session.Expires, Claims = Marked(session.Claims), Acr = MarkedOrNull(session.Acr), Amr = session.Amr?.Select(Marked).ToList(), Provider = session.Provider, Failed = session.Failed } : null,
        Person = facts.Person is { } person ? new() { Id = Marked(person.Id), Email = person.Email, EmailVerified = person.EmailVerified, Groups = person.Groups, Attributes = Marked(person.Attributes), Active = person.Active, EndDate = person.EndDate } : null,
        Device = facts.Device is { } device ? new() { Id = Marked(device.Id), Compliant = device.Compliant, Approved = device.Approved, Types = device.Types, Attributes = Marked(device.Attributes) } : null,
        Request = facts.Request is { } request ? new() { Method = request.Method, Host = Marked(request.Host), Path = "/" + Marked(request.Path), Header = name => [.. request.Header(name).Select(Marked)], Query = name => [.. request.Query(name).Select(Marked)] } : null,
        Certificate = facts.Certificate is { } shown ? new() { Fingerprint = Marked(shown.Fingerprint), SpkiHash = MarkedOrNull(shown.SpkiHash), SanEmail = [.. shown.SanEmail.Select(Marked)], SanDns = [.. shown.SanDns.Select(Marked)], SanUri = [.. shown.SanUri.Select(Marked)], Valid = shown.Valid } : null,
        Records = facts.Records?.ToDictionary(record => record.Key, record => (IReadOnlyDictionary<string, FactValue>)Marked(record.Value)),
        Mcp = facts.Mcp is { } mcp ? new(mcp.Method, MarkedOrNull(mcp.Tool)) : null,
        Ssh = facts.Ssh is { } ssh ? new(MarkedOrNull(ssh.Username), ssh.PublicKey + " " + Mark, ssh.CertificateAuthority, ssh.Principals?.Select(Marked).ToList()) : null,
        Locks = new([.. facts.Locks.All.Where(held => held.Kind != LockKind.Address).Select(held => held with { Key = Marked(held.Key) }), new(LockKind.Person, Marked("other"))]),
    };
}
