using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>What is told to the receivers of signals that must not count. The form, header and key of their tokens are lied about as those of id tokens are.</summary>
internal static class ReceiverLies
{
    public const string Events = "https://schemas.openid.net/secevent/", Revoked = Events + "caep/event-type/session-revoked", Audience = "https://door.example.com/signals";

    // What is a lie in an id token alone, or is met before the token is looked at.
    private static readonly string[] _notHere = ["alg-not-announced", "form-too-long"];

    /// <summary>Lies in a security event token.</summary>
    public static IReadOnlyList<Lie> OfEvents { get; } =
    [
        .. Shared("json-twice", "json-twice-escaped", "typ-event", "signature-other-header"),
        Header("typ-id-token", "sends an event as an id token (JWT)", "WrongType", h => h["typ"] = "JWT"),
        Header("typ-missing", "leaves typ out", "WrongType", h => h.Remove("typ")),
        .. Senders(Audience),
        Event("sub", "names a subject as id tokens do", "ForbiddenClaim", c => c["sub"] = "ada"),
        Event("exp", "gives the event an end", "ForbiddenClaim", c => c["exp"] = 4_000_000_000),
        .. Ids(),
        Event("iat-old", "sends an event of last week", "Expired", c => c["iat"] = (long)c["iat"]! - (8 * 24 * 3600)),
        Event("toe-future", "tells of an event of tomorrow (toe)", "IssuedInFuture", c => c["toe"] = (long)c["iat"]! + 3600),
        Event("events-missing", "tells no events", "WrongEvents", c => c.Remove("events")),
        Event("events-list", "tells a list of events", "WrongEvents", c => c["events"] = new JsonArray(Revoked)),
        Event("events-none", "tells an empty set of events", "WrongEvents", c => c["events"] = new JsonObject()),
        Event("events-two", "tells two events at once", "WrongEvents", c => c["events"]![Events + "risc/event-type/account-disabled"] = new JsonObject()),
        Event("event-text", "tells an event as text", "WrongEvents", c => c["events"]![Revoked] = "now"),
        Event("event-logout", "sends a logout as an event", "invalid_request", c => c["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() }),
        Event("event-unknown", "tells an event that nobody knows", "invalid_request", c => c["events"] = new JsonObject { [Events + "caep/event-type/session-blessed"] = new JsonObject() }),
        Event("event-case", "spells the event in capitals", "invalid_request", c => c["events"] = new JsonObject { [Revoked.ToUpperInvariant()] = new JsonObject() }),
        Event("event-future", "tells of an event of tomorrow", "invalid_request", c => c["events"]![Revoked]!["event_timestamp"] = (long)c["iat"]! + 86_400),
        Event("event-time-text", "writes the time as text", "invalid_request", c => c["events"]![Revoked]!["event_timestamp"] = "yesterday"),
        Event("event-half", "leaves out what the event is about", "invalid_request", c => c["events"] = new JsonObject { [Events + "caep/event-type/credential-change"] = new JsonObject { ["credential_type"] = "password" } }),
        Event("event-level", "invents a level of risk", "invalid_request", c => c["events"] = new JsonObject { [Events + "caep/event-type/risk-level-change"] = new JsonObject { ["principal"] = "USER", ["current_level"] = "NONE" } }),
        Event("event-claims", "changes claims to a text", "invalid_request", c => c["events"] = new JsonObject { [Events + "caep/event-type/token-claims-change"] = new JsonObject { ["claims"] = "admin" } }),
        Event("subject-missing", "names nobody", "invalid_request", c => c.Remove("sub_id")),
        Event("subject-text", "names somebody by a text alone", "invalid_request", c => c["sub_id"] = "ada"),
        Event("subject-format", "names somebody in a format that there is not", "invalid_request", c => c["sub_id"] = new JsonObject { ["format"] = "nickname", ["id"] = "ada" }),
        Event("subject-empty", "names an empty subject", "invalid_request", c => c["sub_id"]!["sub"] = ""),
        Event("subject-aliases", "names somebody in a thousand ways", "invalid_request", c => c["sub_id"] = new JsonObject { ["format"] = "aliases", ["identifiers"] = new JsonArray([.. Enumerable.Repeat(0, 1000).Select(_ => c["sub_id"]!.DeepClone())]) }),
        Event("foreign-issuer", "speaks about another issuer's people", "access_denied", c => c["sub_id"]!["iss"] = "https://idp.example"),
        Event("foreign-domain", "speaks about people of a domain that is not its own", "access_denied", c => c["sub_id"] = new JsonObject { ["format"] = "email", ["email"] = "ada@example.com" }),
        Event("foreign-account", "speaks about an account of a domain that is not its own", "access_denied", c => c["sub_id"] = new JsonObject { ["format"] = "account", ["uri"] = "acct:ada@example.com" }),
        Event("foreign-user", "names a session of its own, and another issuer's person", "access_denied", c => c["sub_id"] = new JsonObject
        {
            ["format"] = "complex", ["session"] = new JsonObject { ["format"] = "opaque", ["id"] = "sid-1" },
            ["user"] = new JsonObject { ["format"] = "iss_sub", ["iss"] = "https://idp.example", ["sub"] = "ada" },
        }),
        Event("foreign-aliases", "speaks about another issuer's person, in two ways", "access_denied", c => c["sub_id"] = new JsonObject
        {
            ["format"] = "aliases",
            ["identifiers"] = new JsonArray(new JsonObject { ["format"] = "email", ["email"] = "ada@example.com" }, new JsonObject { ["format"] = "iss_sub", ["iss"] = "https://idp.example", ["sub"] = "ada" }),
        }),
        Event("state-invented", "echoes a state that was not asked for", "invalid_state", c => c["events"] = new JsonObject { [Events + "ssf/event-type/verification"] = new JsonObject { ["state"] = "invented" } }),
    ];

    /// <summary>Lies in a logout token.</summary>
    public static IReadOnlyList<Lie> OfLogouts { get; } =
    [
        .. Shared("typ-logout-token"),
        .. Senders(LyingProvider.ClientId),
        Event("nonce", "sends an id token's nonce along", "ForbiddenClaim", c => c["nonce"] = "n"),
        .. Ids(),
        Event("iat-old", "sends a logout of half an hour ago", "Expired", c => (c["iat"], c["exp"]) = ((long)c["iat"]! - 1800, (long)c["iat"]! + 1800)),
        Event("exp-past", "sends a logout that has ended", "Expired", c => (c["iat"], c["exp"]) = ((long)c["iat"]! - 300, (long)c["iat"]! - 120)),
        Event("exp-text", "ends at a text", "MalformedTime", c => c["exp"] = "soon"),
        Event("exp-before-iat", "ends before it began", "MalformedTime", c => c["exp"] = (long)c["iat"]! - 10),
        Event("events-missing", "tells no event: an id token", "WrongEvents", c => c.Remove("events")),
        Event("events-other", "tells another event", "WrongEvents", c => c["events"] = new JsonObject { [Revoked] = new JsonObject() }),
        Event("events-text", "tells the event as text", "WrongEvents", c => c["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = "now" }),
        Event("nobody", "names neither person nor session", "WrongSubject", c =>
        {
            c.Remove("sub");
            c.Remove("sid");
        }),
        Event("sub-number", "names a number as person", "WrongSubject", c => c["sub"] = 7),
        Event("sid-empty", "names an empty session", "WrongSubject", c => c["sid"] = ""),
    ];

    private static IEnumerable<Lie> Shared(params string[] without) =>
        new[] { FormLies.All, HeaderLies.All, KeyLies.All }.SelectMany(lies => lies).Where(lie => !_notHere.Contains(lie.Id) && !without.Contains(lie.Id));

    private static IEnumerable<Lie> Senders(string audience) =>
    [
        Event("iss-missing", "names no issuer", "WrongIssuer", c => c.Remove("iss")),
        Event("iss-other", "names another issuer", "WrongIssuer", c => c["iss"] = "https://idp.example"),
        Event("iss-slash", "names itself with a slash at the end", "WrongIssuer", c => c["iss"] = c["iss"] + "/"),
        Event("aud-missing", "names no audience", "WrongAudience", c => c.Remove("aud")),
        Event("aud-other", "sends what is for another receiver", "WrongAudience", c => c["aud"] = "https://wiki.example"),
        Event("aud-prefix", "names an audience that begins like us", "WrongAudience", c => c["aud"] = audience + "-evil"),
        Event("aud-list-without-us", "names a list without us", "WrongAudience", c => c["aud"] = new JsonArray("wiki", "mail")),
        Event("aud-object", "names an object as audience", "WrongAudience", c => c["aud"] = new JsonObject { [audience] = true }),
    ];

    private static IEnumerable<Lie> Ids() =>
    [
        Event("jti-missing", "has no id", "WrongTokenId", c => c.Remove("jti")),
        Event("jti-number", "has a number as id", "WrongTokenId", c => c["jti"] = 1),
        Event("jti-long", "has an id of 300 characters", "WrongTokenId", c => c["jti"] = new string('j', 300)),
        new("jti-twice", "has two ids", "NotOneJsonObject", p => p.Token = t => t.ClaimsText = text => text.Insert(1, "\"jti\":\"other\",")),
        Event("iat-missing", "was made at no time", "MalformedTime", c => c.Remove("iat")),
        Event("iat-text", "was made at a text", "MalformedTime", c => c["iat"] = "now"),
        Event("iat-future", "was made tomorrow", "IssuedInFuture", c =>
        {
            c["iat"] = (long)c["iat"]! + 86_400;
            if (c["exp"] is not null) c["exp"] = (long)c["iat"]! + 90_000;
        }),
    ];

    private static Lie Header(string id, string does, string metBy, Action<JsonObject> lie) => new(id, does, metBy, p => p.Token = t => lie(t.Header));

    private static Lie Event(string id, string does, string metBy, Action<JsonObject> lie) => new(id, does, metBy, p => p.Token = t => lie(t.Claims));
}
