using System.Globalization;
using CsCheck;
using Doorward.Policy.Documents;
using static Doorward.Policy.Tests.Random.Pools;

namespace Doorward.Policy.Tests.Random;

/// <summary>Random criteria: every name, all equally likely.</summary>
internal static class CriterionGen
{
    private static readonly Gen<Node> _unused = Gen.OneOf(Doc.Null, Doc.Flag(true), Doc.Number(1), Doc.Map());

    /// <summary>Day, or instant with an offset.</summary>
    private static readonly Gen<string> _instant = Gen.OneOf(
        Instant.Select(instant => instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        Instant.Select(instant => instant.ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffK", CultureInfo.InvariantCulture)));

    // At least two minutes apart: the naive engine watches the clock once a minute.
    private static readonly Gen<string> _clock = Gen.Select(Gen.Int[0, 23], Gen.OneOf("00", "02", "30", "45"), (hour, minute) => $"{hour:00}:{minute}");

    private static readonly Gen<Node?> _zone = Maybe(Zone.Select(Doc.Text), 0.3);

    private static readonly (string Name, Gen<Node> Data)[] _all =
    [
        ("accept", _unused),
        ("reject", _unused),
        ("authenticated_user", _unused),
        ("user", MatcherGen.String(Pools.Person)),
        ("email", MatcherGen.String(Email)),
        ("domain", MatcherGen.String(Domain)),
        ("groups", MatcherGen.List(Name)),
        ("claim/x", MatcherGen.Value),
        ("claim/x.y", MatcherGen.Value),
        ("device", Gen.Select(Maybe(Gen.OneOf("any", "enclave_only")), Maybe(Gen.OneOf("d1", "d2"), 0.6), Gen.Nullable(Gen.Bool, 0.6), (type, id, approved) =>
            Doc.Map(("type", Optional(type)), ("is", Optional(id)), ("approved", approved is { } flag ? Doc.Flag(flag) : null)))),
        ("device/compliant", Gen.Bool.Select(Doc.Flag)),
        ("device/approved", Gen.Bool.Select(flag => Doc.Map(("is", Doc.Flag(flag))))),
        ("device/x", MatcherGen.Value),
        ("http_method", MatcherGen.String(Method)),
        ("http_path", MatcherGen.String(Pools.Path)),
        ("http_host", MatcherGen.String(Host)),
        ("http_header/x-a", MatcherGen.List(Word)),
        ("http_query/x", MatcherGen.Value),
        ("cors_preflight", _unused),
        ("source_ip", Gen.OneOf("10.0.0.0/8", "10.0.0.1", "::ffff:10.0.0.0/120", "2001:db8::/32", "::/0", "0.0.0.0/0").Select(Doc.Text).Array[1, 3].Select(Doc.List)),
        ("client_certificate", Gen.Select(
            Maybe(Some(Fingerprint).Where(list => list.Count > 0), 0.5), Maybe(Pools.Hash.Select(Doc.Text), 0.5), Maybe(MatcherGen.String(Email), 0.7), Maybe(MatcherGen.String(Domain), 0.7), Maybe(MatcherGen.String(Word), 0.8),
            (fingerprint, hash, email, dns, uri) => Doc.Map(
                ("fingerprint", fingerprint is null ? email is null && dns is null && uri is null && hash is null ? Doc.Text(new string('a', 64)) : null : Doc.Texts(fingerprint)),
                ("spki_hash", hash), ("san_email", email), ("san_dns", dns), ("san_uri", uri)))),
        ("invalid_client_certificate", _unused),
        ("mcp_tool", MatcherGen.String(Tool)),
        ("ssh_publickey", Key.Select(Doc.Text).Array[1, 2].Select(Doc.List)),
        ("ssh_ca", Key.Select(Doc.Text)),
        ("ssh_username", MatcherGen.String(Gen.OneOf("ada", "bob"))),
        ("ssh_username_matches_email", _unused),
        ("ssh_username_matches_claim", Gen.OneOf("x", "x.y").Select(Doc.Text)),
        ("date", Gen.Select(_instant, Gen.Int[0, 2], (instant, which) => Doc.Map(
            ("after", which == 1 ? null : Doc.Text(instant)),
            ("before", which == 0 ? null : Doc.Text(which == 1 ? instant : "2028-01-01"))))),
        ("day_of_week", Gen.Select(Gen.OneOf("*", "mon-fri", "sat,sun", "wed", "fri-mon", "mon,wed"), _zone, (days, zone) =>
            zone is null ? Doc.Text(days) : Doc.Map(("days", Doc.Text(days)), ("timezone", zone)))),
        ("time_of_day", Gen.Select(_clock, _clock, Gen.Int[0, 4], _zone, (after, before, which, zone) => Doc.Map(
            ("after", which == 1 ? null : Doc.Text(after)),
            ("before", which == 0 ? null : Doc.Text(which > 1 && after == before ? "13:37" : before == "00:00" ? "23:58" : before)),
            ("timezone", zone ?? Doc.Text("UTC"))))),
        ("session_age", Gen.OneOf("15m", "1h", "8h", "2d", "90s").Select(under => Doc.Map(("under", Doc.Text(under))))),
        ("authentication", Gen.Select(Maybe(MatcherGen.String(Word), 0.5), Maybe(MatcherGen.List(Gen.OneOf("otp", "hwk", "pwd", "mfa")), 0.4), Maybe(MatcherGen.String(Gen.OneOf("corp", "partner")), 0.7), (acr, amr, provider) =>
            Doc.Map(("acr", acr), ("amr", amr), ("provider", provider ?? (acr is null && amr is null ? Doc.Text("corp") : null))))),
        ("person/x", MatcherGen.Value),
        ("person/y", MatcherGen.Value),
        ("risk", Gen.OneOf("medium", "high").Select(level => Doc.Map(("under", Doc.Text(level))))),
        ("record/badge", Gen.Select(Field, MatcherGen.Value, (field, matcher) => Doc.Map(("field", Doc.Text(field)), ("matcher", matcher)))),
        ("kubernetes/verb", MatcherGen.String(Verb)),
        ("kubernetes/group", MatcherGen.String(Word)),
        ("kubernetes/resource", MatcherGen.String(Gen.OneOf("pods", "nodes"))),
        ("kubernetes/subresource", MatcherGen.String(Subresource)),
        ("kubernetes/namespace", MatcherGen.String(Gen.OneOf("", "default", "kube-system"))),
        ("kubernetes/name", MatcherGen.String(Word)),
        ("kubernetes/exec_class", Gen.Bool.Select(Doc.Flag)),
    ];

    /// <summary>The names that the mix must hold: the part before the slash, and all of it for those that are not free.</summary>
    public static IEnumerable<string> Names => _all.Select(one => one.Name);

    public static readonly Gen<Node> Any = Gen.OneOf([.. _all.Select(one => one.Data.Select(data => Doc.Map((one.Name, data))))]);

    public static Gen<Node> Of(string name) => _all.First(one => one.Name == name).Data.Select(data => Doc.Map((name, data)));

    private static Node? Optional(string? text) => text is null ? null : Doc.Text(text);
}
