using System.Net;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Identity.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Identity.Assertions;

/// <summary>jose as an upstream that verifies assertions with the published keys, over a real socket.</summary>
public sealed class UpstreamTests : IAsyncLifetime
{
    private const string Host = "app.example.com", Issuer = "https://door.example.com";

    private static readonly string[] _algorithms = ["ES256"];

    private KeyLab _keys = null!;
    private WebApplication _app = null!;
    private Jose _jose = null!;
    private AssertionCache _cache = null!;

    private string KeysUrl => _app.Urls.Single() + "/.well-known/doorward/jwks.json";

    public async ValueTask InitializeAsync()
    {
        _keys = await KeyLab.StartAsync();
        _cache = new AssertionCache(new AssertionWriter(Issuer), _keys.Signing, _keys.Time);
        _jose = await Jose.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        var endpoints = new AssertionEndpoints(Issuer, _keys.Signing, compatible: true);
        _app.Run(async context =>
        {
            if (!await endpoints.AnswerOwnHostAsync(context)) context.Response.StatusCode = 404;
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _jose.DisposeAsync();
        await _keys.DisposeAsync();
    }

    [Fact]
    public async Task An_assertion_is_believed_by_its_upstream_and_by_no_other()
    {
        var token = Assertion();
        Assert.Equal("corp/ada", (string?)(await VerifyAsync(token, Host))["sub"]);
        await Assert.ThrowsAsync<JoseRefusedException>(() => VerifyAsync(token, "other.example.com"));
    }

    [Fact]
    public async Task An_upstream_that_remembers_the_keys_never_fails_while_they_rotate()
    {
        await VerifyAsync(Assertion(), Host, remember: true);
        var first = _keys.Signing.Active(KeyPurpose.Assertion).Id;
        for (var day = 0; day < 70; day++)
        {
            _keys.Time.Advance(TimeSpan.FromDays(1));
            await _keys.RotateAsync();
            // Once a day it looks again, as libraries do; every token in between must verify with what it remembers.
            Assert.NotNull(await VerifyAsync(Assertion(), Host, remember: true));
            await VerifyAsync(Assertion(), Host, remember: true, forget: true);
        }

        Assert.NotEqual(first, _keys.Signing.Active(KeyPurpose.Assertion).Id);
    }

    [Fact]
    public async Task The_keys_are_public_cacheable_and_nothing_but_public()
    {
        using var client = new HttpClient();
        var answer = await client.GetAsync(KeysUrl);
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl!.ToString());
        var key = (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["keys"]![0]!;
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.Select(m => m.Key).Order(StringComparer.Ordinal));

        using var again = new HttpRequestMessage(HttpMethod.Get, KeysUrl);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync(KeysUrl, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(KeysUrl + "/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(_app.Urls.Single() + "/.well-known/pomerium/jwks.json")).StatusCode);
    }

    [Fact]
    public async Task Discovery_names_the_issuer_and_its_keys()
    {
        using var client = new HttpClient();
        var document = JsonNode.Parse(await client.GetStringAsync(_app.Urls.Single() + "/.well-known/openid-configuration"))!;
        Assert.Equal(Issuer, (string?)document["issuer"]);
        Assert.Equal(Issuer + "/.well-known/doorward/jwks.json", (string?)document["jwks_uri"]);
    }

    private string Assertion() => _cache.Get(Ada.Session(), Ada.Person(), Ada.Route(), Host).Assertion!;

    private Task<JsonObject> VerifyAsync(string token, string audience, bool remember = false, bool forget = false) =>
        _jose.VerifyAsync(token, null, KeysUrl, new { issuer = Issuer, audience, algorithms = _algorithms, typ = "JWT", now = _keys.Time.GetUtcNow(), remember, forget });
}
