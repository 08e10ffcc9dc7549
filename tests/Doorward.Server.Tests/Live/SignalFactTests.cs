using System.Net;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Live;

/// <summary>Signals that change what is known, and so what policies answer: of requests, and of what is open.</summary>
public sealed class SignalFactTests
{
    [Fact]
    public async Task Changed_groups_close_what_they_opened()
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { groups: { has: finance } } ] } }");
        var (_, cookie) = await lab.SignInAsync(groups: ["finance"]);
        var start = lab.Now;
        using var socket = await lab.SocketAsync(cookie);
        Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "token-claims-change", lab.Person(), Body("""{"claims":{"groups":["marketing"]}}"""), start)).Status);
        Assert.Equal(4403, await SignalDoor.ClosedAsync(socket));
        Assert.StartsWith("signal okta: token-claims-change: denied, ", (await lab.Door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);

        // An older word that comes late changes nothing.
        await lab.TellAsync(SignalDoor.Caep + "token-claims-change", lab.Person(), Body("""{"claims":{"groups":["finance"]}}"""), start.AddMinutes(-1));
        Assert.Equal(HttpStatusCode.Forbidden, await lab.AskAsync(cookie));
        await lab.TellAsync(SignalDoor.Caep + "token-claims-change", lab.Person(), Body("""{"claims":{"groups":["finance"]}}"""), start.AddSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        await lab.TellAsync(SignalDoor.Caep + "token-claims-change", lab.Person(), Body("""{"claims":{"groups":null}}"""), start.AddSeconds(2));
        Assert.Equal(HttpStatusCode.Forbidden, await lab.AskAsync(cookie));
    }

    [Fact]
    public async Task Changed_claims_count()
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { \"claim/department/name\": ops } ] } }");
        var (_, cookie) = await lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await lab.AskAsync(cookie));
        await lab.TellAsync(SignalDoor.Caep + "token-claims-change", SignalTests.Complex(lab.Person(), "sid-1"), Body("""{"claims":{"department":{"name":"ops"}}}"""));
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_does_not_comply_closes_what_is_open_on_it(bool complex)
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { device/compliant: true } ] } }");
        var device = new JsonObject { ["format"] = "opaque", ["id"] = "d1" };
        var subject = complex ? new JsonObject { ["format"] = "complex", ["user"] = lab.Person(), ["device"] = device } : device;
        var start = lab.Now.AddSeconds(-30);
        await TellAsync("compliant", 0);
        var (_, cookie) = await lab.Door.SignInAsync(LiveDoor.Said("ada") with { Device = "d1" });
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        using var socket = await lab.SocketAsync(cookie);

        await TellAsync("not-compliant", 2);
        Assert.Equal(4403, await SignalDoor.ClosedAsync(socket));
        Assert.StartsWith("signal okta: device-compliance-change: denied, ", (await lab.Door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
        await TellAsync("compliant", 1);
        Assert.Equal(HttpStatusCode.Forbidden, await lab.AskAsync(cookie));

        async Task TellAsync(string status, int seconds) => Assert.Equal(
            HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "device-compliance-change", subject, Body($$"""{"previous_status":"compliant","current_status":"{{status}}"}"""), start.AddSeconds(seconds))).Status);
    }

    [Theory]
    [InlineData("USER", true)]
    [InlineData("SESSION", false)]
    public async Task Risk_closes_and_opens(string principal, bool bare)
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { risk: { under: high } } ] } }");
        var (_, cookie) = await lab.SignInAsync();
        var start = lab.Now;
        var subject = bare ? lab.Person() : SignalTests.Complex(lab.Person(), "sid-1");
        await TellAsync("LOW", 0);
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        using var socket = await lab.SocketAsync(cookie);

        await TellAsync("HIGH", 1);
        Assert.Equal(4403, await SignalDoor.ClosedAsync(socket));
        Assert.StartsWith("signal okta: risk-level-change: denied, ", (await lab.Door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
        await TellAsync("LOW", -5);
        Assert.Equal(HttpStatusCode.Forbidden, await lab.AskAsync(cookie));
        await TellAsync("MEDIUM", 2);
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));

        async Task TellAsync(string level, int seconds) => Assert.Equal(
            HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "risk-level-change", subject, Body($$"""{"principal":"{{principal}}","current_level":"{{level}}","risk_reason":"a test"}"""), start.AddSeconds(seconds))).Status);
    }

    [Fact]
    public async Task The_risk_of_a_device_counts_for_whoever_is_on_it()
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { risk: { under: high } } ] } }");
        var (_, cookie) = await lab.SignInAsync(device: "d1");
        var (_, other) = await lab.SignInAsync("bob", device: "d2");
        var start = lab.Now;
        foreach (var device in (string[])["d1", "d2"]) await TellAsync(device, "LOW", 0);
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        using var socket = await lab.SocketAsync(cookie);
        await TellAsync("d1", "HIGH", 1);
        Assert.Equal(4403, await SignalDoor.ClosedAsync(socket));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (await lab.AskAsync(cookie), await lab.AskAsync(other)));

        async Task TellAsync(string device, string level, int seconds) => Assert.Equal(
            HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "risk-level-change", OnDevice(device), Body($$"""{"principal":"DEVICE","current_level":"{{level}}"}"""), start.AddSeconds(seconds))).Status);
    }

    [Fact]
    public async Task A_revocation_may_name_the_device()
    {
        await using var lab = await SignalDoor.StartAsync();
        var (_, first) = await lab.SignInAsync(sid: "sid-1", device: "d1");
        var (_, second) = await lab.SignInAsync(sid: "sid-2", device: "d2");
        var (_, third) = await lab.SignInAsync("bob", "sid-3", device: "d1");
        var mine = OnDevice("d1");
        mine["user"] = lab.Person();
        Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "session-revoked", mine)).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK), (await lab.AskAsync(first), await lab.AskAsync(second), await lab.AskAsync(third)));
        Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "session-revoked", OnDevice("d1"))).Status);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await lab.AskAsync(second), await lab.AskAsync(third)));
    }

    [Fact]
    public async Task A_lower_assurance_counts_for_all_and_a_higher_one_for_the_session_that_is_named()
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { authentication: { acr: mfa } } ] } }");
        var (_, cookie) = await lab.SignInAsync(acr: "mfa");
        var start = lab.Now;
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        await TellAsync(lab.Person(), "pwd", "decrease", 0);
        Assert.Equal(HttpStatusCode.Unauthorized, await lab.AskAsync(cookie));
        await TellAsync(lab.Person(), "mfa", "increase", 1);
        Assert.Equal(HttpStatusCode.Unauthorized, await lab.AskAsync(cookie));
        await TellAsync(SignalTests.Complex(lab.Person(), "sid-1"), "mfa", "increase", 2);
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        // What is lower for one session is higher for another.
        await TellAsync(SignalTests.Complex(lab.Person(), "sid-1"), "pwd", "decrease", 3);
        await TellAsync(lab.Person(), "mfa", "decrease", 4);
        Assert.Equal(HttpStatusCode.Unauthorized, await lab.AskAsync(cookie));

        async Task TellAsync(JsonObject subject, string level, string direction, int seconds) => Assert.Equal(
            HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "assurance-level-change", subject, Body($$"""{"namespace":"custom","current_level":"{{level}}","change_direction":"{{direction}}"}"""), start.AddSeconds(seconds))).Status);
    }

    [Fact]
    public async Task How_somebody_signed_in_may_change_as_a_claim_and_is_unknown_where_no_session_is_named()
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { authentication: { acr: mfa } } ] } }");
        var (_, cookie) = await lab.SignInAsync(acr: "mfa");
        var start = lab.Now;
        var session = SignalTests.Complex(lab.Person(), "sid-1");
        foreach (var (subject, acr, status) in ((JsonObject, string, HttpStatusCode)[])
            [(session, "\"pwd\"", HttpStatusCode.Unauthorized), (session, "\"mfa\"", HttpStatusCode.OK), (lab.Person(), "null", HttpStatusCode.Unauthorized), (lab.Person(), "\"mfa\"", HttpStatusCode.Unauthorized), (session, "\"mfa\"", HttpStatusCode.OK)])
        {
            start = start.AddSeconds(1);
            Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "token-claims-change", subject, Body($$"""{"claims":{"acr":{{acr}},"amr":["otp"]} }"""), start)).Status);
            Assert.Equal(status, await lab.AskAsync(cookie));
        }
    }

    public static TheoryData<string, string> Grants => new()
    {
        { SignalDoor.Risc + "account-enabled", "{}" },
        { SignalDoor.Risc + "identifier-changed", """{"new-value":"new@example.com"}""" },
        { SignalDoor.Caep + "token-claims-change", """{"claims":{"groups":["finance"]}}""" },
        { SignalDoor.Caep + "assurance-level-change", """{"namespace":"custom","current_level":"mfa","change_direction":"increase"}""" },
        { SignalDoor.Caep + "assurance-level-change", """{"namespace":"custom","current_level":"mfa"}""" },
        { SignalDoor.Caep + "device-compliance-change", """{"current_status":"compliant"}""" },
        { SignalDoor.Caep + "risk-level-change", """{"principal":"USER","current_level":"LOW"}""" },
        { SignalDoor.Caep + "risk-level-change", """{"principal":"USER","current_level":"MEDIUM"}""" },
    };

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task What_may_give_access_is_heard_only_of_a_transmitter_that_is_named_for_it(string type, string body)
    {
        await using var lab = await SignalDoor.StartAsync(events: null);
        await lab.SignInAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "access_denied"), await lab.TellAsync(type, lab.Person(), Body(body)));
    }

    [Fact]
    public async Task What_only_takes_access_away_needs_no_naming()
    {
        await using var lab = await SignalDoor.StartAsync(events: null);
        await lab.SignInAsync();
        foreach (var (type, body) in ((string, string)[])
            [("device-compliance-change", """{"current_status":"not-compliant"}"""), ("risk-level-change", """{"principal":"USER","current_level":"HIGH"}"""), ("assurance-level-change", """{"namespace":"custom","current_level":"pwd","change_direction":"decrease"}"""), ("session-presented", "{}"), ("session-revoked", "{}")])
            Assert.Equal((HttpStatusCode.Accepted, null), await lab.TellAsync(SignalDoor.Caep + type, lab.Person(), Body(body)));
    }

    [Theory]
    [InlineData("new@example.com", HttpStatusCode.OK)]
    [InlineData("new@elsewhere.com", HttpStatusCode.Forbidden)]
    public async Task A_changed_address_counts_where_the_transmitter_vouches_for_it(string address, HttpStatusCode status)
    {
        await using var lab = await SignalDoor.StartAsync("{ allow: { and: [ { domain: { is: example.com } } ] } }");
        var (_, cookie) = await lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Risc + "identifier-changed", new JsonObject { ["format"] = "email", ["email"] = "ada@example.com" }, Body($$"""{"new-value":"{{address}}"}"""))).Status);
        Assert.Equal(status, await lab.AskAsync(cookie));
    }

    [Fact]
    public async Task A_transmitter_may_be_held_to_a_token_and_to_some_events()
    {
        const string token = "a-token-of-a-transmitter-that-is-long-enough";
        await using var lab = await SignalDoor.StartAsync(more: $", token: {token}", events: "session-revoked");
        await lab.SignInAsync();
        var (person, revoked) = (lab.Person(), SignalDoor.Caep + "session-revoked");
        Assert.Equal((HttpStatusCode.BadRequest, "authentication_failed"), await lab.TellAsync(revoked, person));
        Assert.Equal((HttpStatusCode.BadRequest, "authentication_failed"), await lab.TellAsync(revoked, person, token: token[..^1]));
        Assert.Equal((HttpStatusCode.BadRequest, "access_denied"), await lab.TellAsync(SignalDoor.Risc + "account-disabled", person, token: token));
        Assert.Equal((HttpStatusCode.Accepted, null), await lab.TellAsync(revoked, person, token: token));
    }

    private static JsonObject OnDevice(string device) => new() { ["format"] = "complex", ["device"] = new JsonObject { ["format"] = "opaque", ["id"] = device } };

    private static JsonObject Body(string json) => (JsonObject)JsonNode.Parse(json)!;
}
