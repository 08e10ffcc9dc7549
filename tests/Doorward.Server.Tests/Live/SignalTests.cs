using System.Net;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Directory;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>What transmitters and providers tell counts at once, for what is open too, and only for whom they may speak about.</summary>
public sealed class SignalTests : IAsyncLifetime
{
    private const string Revoked = SignalDoor.Caep + "session-revoked";

    private SignalDoor _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await SignalDoor.StartAsync();

    public async ValueTask DisposeAsync() => await _lab.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_open_is_closed_and_its_record_names_the_signal(bool logout)
    {
        var (session, cookie) = await _lab.SignInAsync();
        var (_, other) = await _lab.SignInAsync(sid: "sid-2");
        using var socket = await _lab.SocketAsync(cookie);

        if (logout) Assert.Equal(HttpStatusCode.OK, await _lab.LogOutAsync("ada", "sid-1"));
        else Assert.Equal((HttpStatusCode.Accepted, null), await _lab.TellAsync(Revoked, Complex(_lab.Person(), "sid-1")));

        Assert.Equal(4401, await SignalDoor.ClosedAsync(socket));
        var cause = (await _lab.Door.EndAsync()).GetProperty("cause").GetString();
        Assert.StartsWith(logout ? "signal corp: back-channel logout: sign-in-required, " : "signal okta: session-revoked: sign-in-required, ", cause, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await _lab.AskAsync(cookie));
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(other));
        var record = (await _lab.RecordsAsync())[^1];
        Assert.Equal((logout ? "logout/corp" : "signals/okta", "1 session ended"), (record.GetProperty("details").GetProperty("source").GetString(), record.GetProperty("details").GetProperty("effect").GetString()));
        Assert.NotNull(session);
    }

    public static TheoryData<string, string, string?> Endings => new()
    {
        { Revoked, """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", null },
        { Revoked, """{"format":"email","email":"Ada@Example.com"}""", null },
        { Revoked, """{"format":"account","uri":"acct:ada@example.com"}""", null },
        { Revoked, """{"format":"opaque","id":"sid-1"}""", null },
        { Revoked, """{"format":"opaque","id":"ada"}""", null },
        { Revoked, """{"format":"aliases","identifiers":[{"format":"phone_number","phone_number":"+1"},{"format":"email","email":"eve@elsewhere.com"},{"format":"iss_sub","iss":"ISSUER","sub":"ada"}]}""", null },
        { Revoked, """{"format":"complex","session":{"format":"opaque","id":"sid-1"}}""", null },
        { Revoked, """{"format":"complex","user":{"format":"iss_sub","iss":"ISSUER","sub":"ada"},"tenant":{"format":"opaque","id":"t1"}}""", null },
        { Revoked, """{"user":{"format":"iss_sub","iss":"ISSUER","sub":"ada"},"session":{"format":"opaque","id":"sid-1"}}""", null },
        { SignalDoor.Risc + "sessions-revoked", """{"subject_type":"iss-sub","iss":"ISSUER","sub":"ada"}""", null },
        { SignalDoor.Risc + "account-disabled", """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", """{"reason":"hijacking"}""" },
        { SignalDoor.Risc + "account-purged", """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", null },
        { SignalDoor.Risc + "account-credential-change-required", """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", null },
        { SignalDoor.Risc + "credential-compromise", """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", """{"credential_type":"password"}""" },
        { SignalDoor.Risc + "identifier-recycled", """{"format":"email","email":"ada@example.com"}""", null },
        { SignalDoor.Caep + "credential-change", """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", """{"credential_type":"fido2-roaming","change_type":"revoke"}""" },
        { SignalDoor.Caep + "credential-change", """{"format":"iss_sub","iss":"ISSUER","sub":"ada"}""", """{"credential_type":"password","change_type":"delete"}""" },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Whoever_is_meant_is_signed_out_and_nobody_else(string type, string subject, string? body)
    {
        var (_, cookie) = await _lab.SignInAsync();
        var (_, other) = await _lab.SignInAsync("bob", "sid-2");
        Assert.Equal((HttpStatusCode.Accepted, null), await _lab.TellAsync(type, JsonNode.Parse(subject.Replace("ISSUER", _lab.Provider.Issuer, StringComparison.Ordinal))!, (JsonObject?)JsonNode.Parse(body ?? "{}")));
        Assert.Equal(HttpStatusCode.Unauthorized, await _lab.AskAsync(cookie));
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(other));
    }

    [Theory]
    [InlineData("credential-change", """{"credential_type":"password","change_type":"create"}""")]
    [InlineData("credential-change", """{"credential_type":"password","change_type":"update"}""")]
    [InlineData("session-established", "{}")]
    [InlineData("session-presented", "{}")]
    public async Task What_takes_nothing_away_is_noted(string type, string body)
    {
        var (_, cookie) = await _lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(SignalDoor.Caep + type, _lab.Person(), (JsonObject)JsonNode.Parse(body)!)).Status);
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(cookie));
        Assert.Equal("noted", await _lab.EffectAsync());
    }

    [Fact]
    public async Task An_event_counts_once_and_only_for_sessions_that_had_begun()
    {
        var id = Guid.NewGuid().ToString();
        await _lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(Revoked, _lab.Person(), id: id)).Status);
        var (_, cookie) = await _lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(Revoked, _lab.Person(), id: id)).Status);
        Assert.Equal("sent again: taken before", await _lab.EffectAsync());
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(cookie));

        // On its way for ten minutes, in which the person has signed in anew.
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(Revoked, _lab.Person(), at: _lab.Now.AddMinutes(-10))).Status);
        Assert.Equal("unmatched", await _lab.EffectAsync());
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(cookie));
    }

    [Fact]
    [Trait("advisory", "178")]
    public async Task A_disabled_account_stays_out_until_it_is_enabled_in_whatever_order_it_is_told()
    {
        var start = _lab.Now;
        await _lab.TellAsync(SignalDoor.Risc + "account-disabled", _lab.Person(), at: start);
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(SignalDoor.Risc + "account-enabled", _lab.Person(), at: start.AddMinutes(-1))).Status);
        Assert.Equal("nothing changed", await _lab.EffectAsync());
        var (_, cookie) = await _lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await _lab.AskAsync(cookie));

        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(SignalDoor.Risc + "account-enabled", _lab.Person(), at: start.AddSeconds(1))).Status);
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(cookie));
        Assert.Single((await _lab.Door.Services.GetRequiredService<DirectoryStore>().FindAsync("corp/ada", default))!.Told, row => row is { Source: "signals/okta", Active: 1 });
    }

    [Theory]
    [InlineData("""{"format":"iss_sub","iss":"ISSUER","sub":"stranger"}""")]
    [InlineData("""{"format":"email","email":"stranger@example.com"}""")]
    [InlineData("""{"format":"phone_number","phone_number":"+12065550100"}""")]
    [InlineData("""{"format":"complex","session":{"format":"jwt_id","iss":"ISSUER","jti":"1"},"user":{"format":"iss_sub","iss":"ISSUER","sub":"ada"}}""")]
    [InlineData("""{"format":"complex","tenant":{"format":"opaque","id":"t1"}}""")]
    public async Task Whoever_is_not_known_here_is_recorded_as_unmatched(string subject)
    {
        var (_, cookie) = await _lab.SignInAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.TellAsync(Revoked, JsonNode.Parse(subject.Replace("ISSUER", _lab.Provider.Issuer, StringComparison.Ordinal))!)).Status);
        Assert.Equal("unmatched", await _lab.EffectAsync());
        Assert.Equal(HttpStatusCode.OK, await _lab.AskAsync(cookie));
    }

    [Fact]
    public async Task Nobody_answers_at_other_names_or_to_other_methods()
    {
        using var http = new HttpMessageInvoker(_lab.Door.Handler());
        foreach (var (method, path, status) in ((string, string, int)[])
            [("GET", "signals/okta", 405), ("POST", "signals/none", 404), ("POST", "signals/okta/more", 404), ("GET", "backchannel-logout/corp", 405), ("POST", "backchannel-logout/none", 404)])
        {
            using var request = new HttpRequestMessage(new(method), $"https://{SignalDoor.Own}/.doorward/{path}");
            using var answer = await http.SendAsync(request, default);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    internal static JsonObject Complex(JsonObject user, string sid) => new() { ["format"] = "complex", ["user"] = user, ["session"] = new JsonObject { ["format"] = "opaque", ["id"] = sid } };
}
