using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Doorward.DevIdp.Telling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.DevIdp.Tests;

/// <summary>What is changed on the page is told at once: by SCIM as directories do, and by security events that the published key proves.</summary>
public class TellingTests
{
    [Fact]
    public async Task Everybody_is_told_of_once_and_then_what_has_changed()
    {
        await using var listener = await ListenerPeer.StartAsync();
        await using var provider = await Provider.StartAsync(o => o with { Listener = listener.Listener });
        await provider.Server.TellAllAsync();
        Assert.Equal(4, listener.Heard.Count(one => one.StartsWith("POST /scim/Users", StringComparison.Ordinal)));
        Assert.Equal(4, listener.Heard.Count(one => one.StartsWith("POST /scim/Groups", StringComparison.Ordinal)));

        listener.Heard.Clear();
        await ChangeAsync(provider, "ada", ("only_group", "finance"));
        Assert.Equal(
            ["PATCH /scim/Groups/engineering remove members[value eq \"ada\"]", "PATCH /scim/Groups/finance add members", "PATCH /scim/Groups/sre remove members[value eq \"ada\"]"],
            listener.Heard.Order(StringComparer.Ordinal));

        listener.Heard.Clear();
        await ChangeAsync(provider, "cleo", ("groups", "contractors"), ("groups", "engineering"), ("active", "true"), ("device_compliant", "false"), ("ends_in_seconds", "5"));
        await ChangeAsync(provider, "cleo", ("groups", "contractors"), ("groups", "engineering"), ("device_compliant", "false"));
        Assert.Equal(
            ["PATCH /scim/Users/cleo add urn:doorward:params:scim:schemas:extension:1.0:User:endDate", "PATCH /scim/Users/cleo remove urn:doorward:params:scim:schemas:extension:1.0:User:endDate", "PATCH /scim/Users/cleo replace active"],
            listener.Heard);
    }

    [Fact]
    public async Task Devices_and_sessions_are_told_by_events_that_the_published_key_proves()
    {
        await using var listener = await ListenerPeer.StartAsync();
        await using var provider = await Provider.StartAsync(o => o with { Listener = listener.Listener });
        await ChangeAsync(provider, "ada", ("device_now", "false"));
        await provider.Browser.PostAsync(provider.At("/people/ada/revoke"), new FormUrlEncodedContent([]));

        var metadata = JsonElement.Parse(await provider.Browser.GetStringAsync(provider.At("/.well-known/ssf-configuration")));
        Assert.Equal(provider.Server.Issuer, metadata.GetProperty("issuer").GetString());
        var keys = new JsonWebKeySet(await provider.Browser.GetStringAsync(metadata.GetProperty("jwks_uri").GetString()));
        var told = new List<JsonElement>();
        foreach (var token in listener.Heard.Where(one => one.StartsWith("SET ", StringComparison.Ordinal)))
        {
            var read = await new JsonWebTokenHandler().ValidateTokenAsync(token["SET ".Length..], new()
            {
                ValidTypes = ["secevent+jwt"], ValidIssuer = provider.Server.Issuer, ValidAudience = "https://door.example.com/signals", IssuerSigningKeys = keys.Keys, RequireExpirationTime = false,
            });
            Assert.True(read.IsValid, $"{read.Exception}");
            told.Add(JsonElement.Parse(Base64UrlEncoder.DecodeBytes(((JsonWebToken)read.SecurityToken).EncodedPayload)));
        }
        Assert.Equal(2, told.Count);
        Assert.All(told, one => Assert.False(one.TryGetProperty("sub", out _) || one.TryGetProperty("exp", out _)));
        var compliance = told[0].GetProperty("events").GetProperty("https://schemas.openid.net/secevent/caep/event-type/device-compliance-change");
        Assert.Equal(("compliant", "not-compliant"), (compliance.GetProperty("previous_status").GetString(), compliance.GetProperty("current_status").GetString()));
        Assert.Equal("ada-laptop", told[0].GetProperty("sub_id").GetProperty("device").GetProperty("id").GetString());
        Assert.True(told[1].GetProperty("events").TryGetProperty("https://schemas.openid.net/secevent/caep/event-type/session-revoked", out _));
        Assert.Equal("u-3f9c1e", told[1].GetProperty("sub_id").GetProperty("sub").GetString());
    }

    [Fact]
    public async Task A_change_stands_even_where_it_cannot_be_told_and_the_page_says_so()
    {
        await using var listener = await ListenerPeer.StartAsync();
        await using var provider = await Provider.StartAsync(o => o with { Listener = listener.Listener });
        listener.Status = HttpStatusCode.ServiceUnavailable;
        await ChangeAsync(provider, "ada", ("device_now", "false"));
        Assert.False(provider.Server.Roster.Find("ada")!.DeviceCompliant);
        Assert.Contains("503", await provider.Browser.GetStringAsync(provider.At("/people")), StringComparison.Ordinal);
    }

    private static async Task ChangeAsync(Provider provider, string name, params (string, string)[] fields)
    {
        using var answer = await provider.Browser.PostAsync(provider.At($"/people/{name}"), new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
        Assert.True((int)answer.StatusCode < 400, $"{answer.StatusCode}");
    }

    /// <summary>Takes whatever it is told, and remembers it.</summary>
    private sealed class ListenerPeer : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private ListenerPeer(WebApplication app) => _app = app;

        public ConcurrentQueue<string> Heard { get; } = [];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public Listener Listener { get; private set; } = null!;

        public static async Task<ListenerPeer> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var peer = new ListenerPeer(app);
            app.Run(peer.AnswerAsync);
            await app.StartAsync();
            var url = new Uri(app.Urls.First());
            peer.Listener = new(new HttpClient(), new(url, "/scim/"), "a-token", new(url, "/signals"), "https://door.example.com/signals");
            return peer;
        }

        public async ValueTask DisposeAsync()
        {
            Listener.Http.Dispose();
            await _app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext http)
        {
            http.Response.StatusCode = (int)Status;
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            if (http.Request.Path == "/signals")
            {
                Assert.Equal("application/secevent+jwt", http.Request.ContentType);
                Heard.Enqueue("SET " + body);
                return;
            }
            Assert.Equal("Bearer a-token", http.Request.Headers.Authorization.ToString());
            http.Response.ContentType = "application/scim+json";
            if (http.Request.Method == "GET")
            {
                await http.Response.WriteAsync("""{"totalResults":0,"Resources":[]}""");
                return;
            }
            var json = JsonElement.Parse(body);
            var id = json.TryGetProperty("userName", out var user) ? user.GetString() : json.TryGetProperty("displayName", out var name) ? name.GetString() : "";
            var operation = json.TryGetProperty("Operations", out var operations) ? $" {operations[0].GetProperty("op").GetString()} {operations[0].GetProperty("path").GetString()}" : "";
            Heard.Enqueue($"{http.Request.Method} {http.Request.Path}{operation}");
            await http.Response.WriteAsync(JsonSerializer.Serialize(new { id }));
        }
    }
}
