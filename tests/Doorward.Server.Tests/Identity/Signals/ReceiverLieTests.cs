using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Identity.Signals;

/// <summary>One door for all lies, with somebody signed in whom they would sign out.</summary>
public sealed class ReceiverDoor : IAsyncLifetime
{
    internal DoorLab Door { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Door = await DoorLab.StartAsync(await KeyLab.StartAsync());
        foreach (var person in (string[])["ada", "bob"])
            await Door.Services.GetRequiredService<SessionStore>().SignInAsync(
                new() { Provider = "lab", Subject = person, Email = $"{person}@example.com", EmailVerified = true, ProviderSessionId = "sid-1", Tokens = new("access", null, null, null) }, new("127.0.0.1", "a test"), former: null);
    }

    public async ValueTask DisposeAsync() => await Door.DisposeAsync();
}

/// <summary>What must not count does not: it gets the protocol's own error, changes nothing, and is in the audit trail.</summary>
public sealed class ReceiverLieTests(ReceiverDoor fixture) : IClassFixture<ReceiverDoor>
{
    public static TheoryData<string> EventLies => [.. ReceiverLies.OfEvents.Select(lie => lie.Id)];

    public static TheoryData<string> LogoutLies => [.. ReceiverLies.OfLogouts.Select(lie => lie.Id)];

    private DoorLab Door => fixture.Door;

    [Theory]
    [MemberData(nameof(EventLies))]
    public async Task A_lie_in_an_event_is_met(string id)
    {
        var lie = ReceiverLies.OfEvents.Single(one => one.Id == id);
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        lie.Tell(provider);
        var (status, error, description) = await SendEventAsync(provider, provider.Write(EventClaims(provider, "ada"), "secevent+jwt"));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        if (!lie.MetBy.Contains('_', StringComparison.Ordinal)) Assert.Equal($"The token was refused: {lie.MetBy}.", description);
        else Assert.Equal(lie.MetBy, error);
        await AssertNothingHappenedAsync(error);
    }

    [Theory]
    [MemberData(nameof(LogoutLies))]
    [Trait("advisory", "31")]
    public async Task A_lie_in_a_logout_token_is_met(string id)
    {
        var lie = ReceiverLies.OfLogouts.Single(one => one.Id == id);
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        lie.Tell(provider);
        var (status, error, description) = await SendLogoutAsync(provider, provider.Write(LogoutClaims(provider, "ada"), "logout+jwt"));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request", $"The token was refused: {lie.MetBy}."), (status, error, description));
        await AssertNothingHappenedAsync(null);
    }

    [Theory]
    [InlineData("logout+jwt")]
    [InlineData("JWT")]
    [Trait("advisory", "31")]
    public async Task An_honest_logout_token_counts_once(string type)
    {
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        await SignInAsync("carol", "sid-carol");
        var claims = LogoutClaims(provider, "carol");
        claims["sid"] = "sid-carol";
        var token = provider.Write(claims, type);

        Assert.Equal(HttpStatusCode.OK, (await SendLogoutAsync(provider, token)).Status);
        Assert.Empty(await SessionsAsync("carol"));

        // Sent again while it would still hold, it ends nothing, on whichever node.
        await SignInAsync("carol", "sid-carol");
        Door.Time.Advance(TimeSpan.FromMinutes(1));
        var again = await SendLogoutAsync(provider, provider.Write(claims, type));
        Assert.Equal((HttpStatusCode.BadRequest, "This logout token was used before."), (again.Status, again.Description));
        Assert.Single(await SessionsAsync("carol"));
        await Door.Services.GetRequiredService<SessionStore>().EndAllAsync("lab/carol");
    }

    [Fact]
    public async Task A_logout_ends_the_session_that_it_names_or_all_of_the_person()
    {
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        foreach (var sid in (string?[])["one", "two", null]) await SignInAsync("dan", sid);

        // One whose provider told no id cannot be told apart from the one that is meant.
        await SendLogoutAsync(provider, provider.Write(With(LogoutClaims(provider, "dan"), "sid", "one"), "logout+jwt"));
        Assert.Equal(["two"], (await SessionsAsync("dan")).Select(row => row.ProviderSession));

        var nameless = With(LogoutClaims(provider, "dan"), "sid", "two");
        nameless.Remove("sub");
        await SendLogoutAsync(provider, provider.Write(nameless, "logout+jwt"));
        Assert.Empty(await SessionsAsync("dan"));

        foreach (var sid in (string?[])["three", "four"]) await SignInAsync("dan", sid);
        var all = LogoutClaims(provider, "dan");
        all.Remove("sid");
        await SendLogoutAsync(provider, provider.Write(all, "logout+jwt"));
        Assert.Empty(await SessionsAsync("dan"));
        Assert.NotEmpty(await SessionsAsync("ada"));
    }

    [Fact]
    public async Task Keys_that_cannot_be_had_are_no_word_about_the_token()
    {
        foreach (var path in (string[])["/jwks", "/.well-known/ssf-configuration", "/.well-known/openid-configuration"])
        {
            await using var provider = await LyingProvider.StartAsync(Door.Time);
            provider.Instead[path] = FailAsync;
            if (!path.Contains("openid", StringComparison.Ordinal))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendEventAsync(provider, provider.Write(EventClaims(provider, "ada"), "secevent+jwt"))).Status);
            if (!path.Contains("ssf", StringComparison.Ordinal))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendLogoutAsync(provider, provider.Write(LogoutClaims(provider, "ada"), "logout+jwt"))).Status);
        }

        await AssertNothingHappenedAsync("keys");
    }

    [Fact]
    public async Task The_last_good_keys_serve_for_an_hour_and_a_new_one_is_fetched_at_most_each_half_minute()
    {
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        var sender = TransmitterOf(provider);
        Assert.Equal(HttpStatusCode.Accepted, (await SendEventAsync(sender, provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"))).Status);
        provider.Instead["/jwks"] = FailAsync;
        Door.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.Accepted, (await SendEventAsync(sender, provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"))).Status);
        Door.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendEventAsync(sender, provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"))).Status);

        provider.Instead.Remove("/jwks");
        Door.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Accepted, (await SendEventAsync(sender, provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"))).Status);
        provider.Published[0] = provider.Signer = LabKey.OtherRsa();
        Door.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.Accepted, (await SendEventAsync(sender, provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"))).Status);
        var fetched = provider.Hits["/jwks"];
        provider.Signer = LabKey.Ec("unknown");
        for (var i = 0; i < 20; i++) Assert.Equal("invalid_key", (await SendEventAsync(sender, provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"))).Error);
        Assert.Equal(fetched, provider.Hits["/jwks"]);
    }

    [Theory]
    [InlineData("text/plain", null, "invalid_request")]
    [InlineData(null, null, "invalid_request")]
    [InlineData("application/secevent+jwt", "gzip", "invalid_request")]
    [InlineData("application/secevent+jwt", null, null)]
    public async Task Only_a_security_event_is_read(string? type, string? encoding, string? error)
    {
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        var (_, found, _) = await SendEventAsync(TransmitterOf(provider), provider.Write(EventClaims(provider, "nobody"), "secevent+jwt"), type, encoding);
        Assert.Equal(error, found);
        Assert.Equal("invalid_request", (await SendEventAsync(provider, new string('a', 70_000))).Error);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendLogoutAsync(provider, new string('a', 70_000))).Status);
    }

    [Fact]
    public async Task A_flood_of_bad_input_is_counted_not_written()
    {
        await using var provider = await LyingProvider.StartAsync(Door.Time);
        var sender = TransmitterOf(provider);
        Door.Time.Advance(TimeSpan.FromSeconds(5));
        var before = (await RefusalsAsync()).Length;
        for (var i = 0; i < 100; i++) await SendEventAsync(sender, "a.b.c");
        Assert.Equal(20, (await RefusalsAsync()).Length - before);
        Door.Time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.Holds(async () => (await BodiesAsync()).Any(body => body.GetProperty("kind").GetString() == "refusals" && body.GetProperty("details").GetProperty("count").GetString() == "80"));
    }

    private static JsonObject With(JsonObject claims, string name, string value)
    {
        claims[name] = value;
        return claims;
    }

    private JsonObject EventClaims(LyingProvider provider, string subject) => new()
    {
        ["iss"] = provider.Issuer, ["aud"] = ReceiverLies.Audience, ["iat"] = Door.Time.GetUtcNow().ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString(),
        ["sub_id"] = new JsonObject { ["format"] = "iss_sub", ["iss"] = provider.Issuer, ["sub"] = subject },
        ["events"] = new JsonObject { [ReceiverLies.Revoked] = new JsonObject { ["event_timestamp"] = Door.Time.GetUtcNow().ToUnixTimeSeconds() } },
    };

    private JsonObject LogoutClaims(LyingProvider provider, string subject) => new()
    {
        ["iss"] = provider.Issuer, ["aud"] = LyingProvider.ClientId, ["iat"] = Door.Time.GetUtcNow().ToUnixTimeSeconds(), ["exp"] = Door.Time.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString(),
        ["sub"] = subject, ["sid"] = "sid-1",
        ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
    };

    private Transmitter TransmitterOf(LyingProvider provider) => new(
        new SignalOptions { Name = "lab", Providers = ["lab"], Issuer = new Uri(provider.Issuer), Audience = ReceiverLies.Audience }, new Uri("https://door.example.com"), allowLocalHttp: true, Outbound.Connect, Door.Time);

    private Task<(HttpStatusCode Status, string? Error, string? Description)> SendEventAsync(LyingProvider provider, string token) => SendEventAsync(TransmitterOf(provider), token);

    private async Task<(HttpStatusCode Status, string? Error, string? Description)> SendEventAsync(Transmitter sender, string token, string? type = "application/secevent+jwt", string? encoding = null)
    {
        Door.Transmitters = [sender];
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(token));
        if (type is not null) content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        return await PostAsync("/.doorward/signals/lab", content, "err", "description");
    }

    private async Task<(HttpStatusCode Status, string? Error, string? Description)> SendLogoutAsync(LyingProvider provider, string token)
    {
        using var providers = new ProviderSet([provider.Settings], allowLocalHttp: true, Outbound.Connect, Door.Time);
        Door.Providers = providers;
        return await PostAsync("/.doorward/backchannel-logout/lab", new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]), "error", "error_description");
    }

    private async Task<(HttpStatusCode Status, string? Error, string? Description)> PostAsync(string path, HttpContent content, string error, string description)
    {
        using var browser = Door.Browser();
        using var answer = await browser.SendAsync(HttpMethod.Post, Door.Url(DoorLab.Own, path), content);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var body = await answer.Content.ReadAsStringAsync();
        if (body.Length == 0) return (answer.StatusCode, null, null);
        var json = JsonSerializer.Deserialize<JsonElement>(body);
        return (answer.StatusCode, json.GetProperty(error).GetString(), json.GetProperty(description).GetString());
    }

    private Task<Doorward.Server.Identity.Session> SignInAsync(string person, string? sid) => Door.Services.GetRequiredService<SessionStore>().SignInAsync(
        new() { Provider = "lab", Subject = person, ProviderSessionId = sid, Tokens = new("access", null, null, null) }, new("127.0.0.1", "a test"), former: null);

    private Task<IReadOnlyList<SessionRow>> SessionsAsync(string person) => Door.Services.GetRequiredService<SessionStore>().ListAsync($"lab/{person}", 10, default);

    private async Task AssertNothingHappenedAsync(string? error)
    {
        // The bound for strangers is by the second; first, so that one failure does not become that of all that follow.
        Door.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var person in (string[])["ada", "bob"]) Assert.Single(await SessionsAsync(person));
        var last = (await RefusalsAsync())[^1];
        Assert.False(last.GetProperty("succeeded").GetBoolean());
        if (error is not null) Assert.Equal(error, last.GetProperty("details").GetProperty("error").GetString());
    }

    private async Task<JsonElement[]> BodiesAsync()
    {
        var trail = Door.Services.GetRequiredService<AuditTrail>();
        await trail.FlushAsync();
        return [.. new TrailFolder(trail.Folder).Records().Select(TrailFolder.Body)];
    }

    private async Task<JsonElement[]> RefusalsAsync() => [.. (await BodiesAsync()).Where(body => body.TryGetProperty("act", out var act) && act.GetString() == "refused")];

    private static Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.CompletedTask;
    }
}
