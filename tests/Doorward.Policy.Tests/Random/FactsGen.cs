using System.Net;
using CsCheck;
using static Doorward.Policy.Tests.Random.Pools;

namespace Doorward.Policy.Tests.Random;

/// <summary>Random facts; every part of them is missing now and then.</summary>
internal static class FactsGen
{
    public static readonly Gen<FactValue> Value = Gen.Frequency(
        (5, Word.Select(text => new FactValue(text))),
        (4, Some(Word).Select(list => new FactValue(list))),
        (1, Gen.Bool.Select(flag => new FactValue(flag))),
        (1, Gen.OneOf(1.0, 2.5, -3.0, 1e21, double.NaN, double.PositiveInfinity).Select(number => new FactValue(number))),
        (1, Instant.Select(instant => new FactValue(instant))));

    private static readonly Gen<IReadOnlyDictionary<string, FactValue>> _fields =
        Gen.Select(Gen.OneOf("x", "y", "x/y", "z"), Value).Array[0, 4].Select(entries => (IReadOnlyDictionary<string, FactValue>)entries
            .DistinctBy(entry => entry.Item1).ToDictionary(entry => entry.Item1, entry => entry.Item2));

    private static readonly Gen<IReadOnlyList<GroupFact>> _groups =
        Gen.Select(Name, Maybe(Name), Maybe(Gen.OneOf("sre@example.com", "ops")), (id, name, email) => new GroupFact(id, name, email))
            .Array[0, 4].Select(groups => (IReadOnlyList<GroupFact>)groups);

    private static readonly Gen<Remedies> _failed = Gen.Frequency((9, Gen.Const(Remedies.None)), (2, Gen.Int[0, 15].Select(bits => (Remedies)bits)));

    private static readonly Gen<string> _method = Gen.OneOf("otp", "hwk", "pwd", "mfa");

    /// <summary>Instants at which somebody signed in or something ends: near now, and now and then at it.</summary>
    private static Gen<DateTimeOffset> Near(DateTimeOffset now) => Gen.Frequency(
        (1, Gen.Const(now)), (1, Gen.OneOf(now.AddTicks(1), now.AddTicks(-1))), (12, Gen.Int[-4000, 6000].Select(minutes => now.AddMinutes(minutes))));

    private static Gen<SessionFacts> Session(DateTimeOffset now) => Gen.Select(
        MaybeValue(Near(now).Select(instant => instant <= now ? instant : now - (instant - now)), 0.1),
        MaybeValue(Near(now).Select(instant => instant.AddDays(1)), 0.4),
        _fields, Maybe(Word), Maybe(Some(_method), 0.2), Maybe(Gen.OneOf("corp", "partner")), _failed,
        (authTime, expires, claims, acr, amr, provider, failed) => new SessionFacts
        {
            Id = "s1", AuthTime = authTime, Expires = expires, Claims = claims, Acr = acr, Amr = amr, Provider = provider, Failed = failed,
        });

    private static Gen<PersonFacts> Person(DateTimeOffset now) => Gen.Select(
        Pools.Person, Maybe(Email, 0.1), Gen.Frequency((4, true), (1, false)), Maybe(_groups, 0.1), _fields, Gen.Frequency((40, true), (1, false)), MaybeValue(Near(now).Select(instant => instant.AddDays(2)), 0.8),
        (id, email, verified, groups, attributes, active, endDate) => new PersonFacts
        {
            Id = id, Email = email, EmailVerified = verified, Groups = groups, Attributes = attributes, Active = active, EndDate = endDate,
        });

    private static readonly Gen<DeviceFacts> _device = Gen.Select(
        Gen.OneOf("d1", "d2"), Gen.Nullable(Gen.Bool, 0.2), Gen.Nullable(Gen.Bool, 0.2), Some(Gen.OneOf("any", "enclave_only", "tpm")), _fields,
        (id, compliant, approved, types, attributes) => new DeviceFacts { Id = id, Compliant = compliant, Approved = approved, Types = types, Attributes = attributes });

    private static readonly Gen<RequestFacts> _request = Gen.Select(
        Method, Host, Pools.Path, Some(Word), Some(Word), Gen.Bool,
        (method, host, path, header, query, preflight) => new RequestFacts
        {
            Method = method, Host = NaiveLower(host), Path = path,
            Header = name => NaiveLower(name) switch { "x-a" => header, "origin" => preflight ? ["https://x"] : header, "access-control-request-method" when preflight => ["PUT"], _ => [] },
            Query = name => name == "x" ? query : [],
        });

    private static readonly Gen<CertificateFacts> _certificate = Gen.Select(
        Fingerprint, Maybe(Pools.Hash), Some(Email, 2), Some(Domain, 2), Some(Word, 2), Gen.Frequency((4, true), (1, false)),
        (fingerprint, hash, email, dns, uri, valid) => new CertificateFacts { Fingerprint = fingerprint, SpkiHash = hash, SanEmail = email, SanDns = dns, SanUri = uri, Valid = valid });

    /// <summary>Keys with options before them, comments after them, and none at all.</summary>
    private static readonly Gen<string> _shown = Gen.Select(
        Key, Gen.OneOf("", "no-pty ", "command=\"ssh-add -l\",no-pty "), Gen.OneOf("", " ada@laptop"), Gen.Frequency((8, Gen.Bool.Where(flag => flag)), (1, Gen.Const(false))),
        (key, before, after, whole) => whole ? before + key + after : key.Split(' ')[0]);

    private static readonly Gen<RiskLevel?> _level = Gen.Nullable(Gen.Enum<RiskLevel>(), 0.4);

    private static readonly Gen<IReadOnlyList<Lock>> _locks = Gen.Frequency(
        (15, Gen.Const((IReadOnlyList<Lock>)[])),
        (1, Gen.Select(Gen.Enum<LockKind>(), Gen.OneOf("u1", "d1", "s2", "r1", "g1", "", "10.0.0.1", "10.0.0.0/30", "::ffff:10.0.0.0/126", "2001:db8::/32", "::/0"), (kind, key) => new Lock(kind, key))
            .Array[1, 3].Select(locks => (IReadOnlyList<Lock>)locks)));

    public static readonly Gen<Facts> Random = Instant.SelectMany(now => Gen.Select(
        Gen.Select(Maybe(Session(now), 0.15), Maybe(Person(now), 0.1), Maybe(_device, 0.6), Maybe(_request, 0.1), Maybe(Gen.OneOf("10.0.0.1", "10.0.0.9", "192.168.1.1", "::ffff:10.0.0.2", "2001:db8::1").Select(IPAddress.Parse), 0.1)),
        Gen.Select(
            Maybe(_certificate),
            Maybe(Gen.Select(Verb, Word, Gen.OneOf("pods", "nodes"), Subresource, Gen.OneOf("", "default", "kube-system"), Word, (verb, group, resource, sub, space, name) => new KubernetesFacts(verb, group, resource, sub, space, name))),
            Maybe(Gen.Select(_level, _level, _level, (person, session, device) => new RiskFacts(person, session, device))),
            Maybe(_fields.Select(fields => (IReadOnlyDictionary<string, IReadOnlyDictionary<string, FactValue>>)new Dictionary<string, IReadOnlyDictionary<string, FactValue>> { ["badge"] = fields })),
            Maybe(Gen.Select(Maybe(Gen.OneOf("tools/call", "tools/call", "tools/list")), Maybe(Tool), (method, tool) => new McpFacts(method, tool))),
            Maybe(Gen.Select(Maybe(Gen.OneOf("ada", "bob", "a")), Maybe(_shown), Maybe(_shown), Maybe(Some(Gen.OneOf("ada", "bob"))), (user, key, ca, principals) => new SshFacts(user, key, ca, principals)))),
        Maybe(Gen.OneOf("r1", "r2")), _locks,
        (who, what, route, locks) => new Facts
        {
            Now = now, Route = route, Session = who.Item1, Person = who.Item2, Device = who.Item3, Request = who.Item4, SourceIp = who.Item5,
            Certificate = what.Item1, Kubernetes = what.Item2, Risk = what.Item3, Records = what.Item4, Mcp = what.Item5, Ssh = what.Item6,
            Locks = locks.Count == 0 ? LockSet.None : new LockSet(locks),
        }));

    public static Facts WithoutSession(Facts facts) => Copy(facts, facts.Now, session: null);

    public static Facts At(Facts facts, DateTimeOffset now) => Copy(facts, now, facts.Session);

    public static Facts WithoutLocksAndEnds(Facts facts) => Copy(facts, facts.Now, facts.Session, facts.Person is { } person
        ? new() { Id = person.Id, Email = person.Email, EmailVerified = person.EmailVerified, Groups = person.Groups, Attributes = person.Attributes }
        : null, LockSet.None);

    private static Facts Copy(Facts facts, DateTimeOffset now, SessionFacts? session) => Copy(facts, now, session, facts.Person, facts.Locks);

    private static Facts Copy(Facts facts, DateTimeOffset now, SessionFacts? session, PersonFacts? person, LockSet locks) => new()
    {
        Now = now, Session = session, Route = facts.Route, Person = person, Device = facts.Device, Request = facts.Request, SourceIp = facts.SourceIp,
        Certificate = facts.Certificate, Kubernetes = facts.Kubernetes, Risk = facts.Risk, Records = facts.Records, Mcp = facts.Mcp, Ssh = facts.Ssh, Locks = locks,
    };

    private static string NaiveLower(string text) => Naive.NaiveEmail.Lower(text);
}
