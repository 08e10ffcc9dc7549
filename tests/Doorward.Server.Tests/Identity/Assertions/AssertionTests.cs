using System.Text;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Routes;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.Assertions;

public sealed class AssertionTests : IAsyncLifetime
{
    private const string Host = "app.example.com";

    private KeyLab _keys = null!;
    private AssertionCache _cache = null!;

    public async ValueTask InitializeAsync()
    {
        _keys = await KeyLab.StartAsync();
        _cache = new AssertionCache(new AssertionWriter("https://door.example.com"), _keys.Signing, _keys.Time);
    }

    public ValueTask DisposeAsync() => _keys.DisposeAsync();

    [Fact]
    public void It_says_who_asks_to_one_host_for_five_minutes()
    {
        var claims = Claims(Get().Assertion);
        Assert.Equal("https://door.example.com", (string?)claims["iss"]);
        Assert.Equal(Host, (string?)claims["aud"]);
        Assert.Equal("corp/ada", (string?)claims["sub"]);
        Assert.Equal("ada@example.com", (string?)claims["email"]);
        Assert.Equal("Ada Lovelace", (string?)claims["name"]);
        Assert.Equal("s1", (string?)claims["sid"]);
        Assert.Equal(300, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal(32, ((string?)claims["jti"])!.Length);
    }

    [Fact]
    public void It_names_the_groups_that_the_allow_rules_name_as_ids_and_names() =>
        Assert.Equal(["g1", "sre"], Groups(Get(Ada.Route("allow: { and: [ { groups: { has: sre } } ] }")).Assertion));

    [Fact]
    public void A_route_may_say_which_groups_it_names() =>
        Assert.Equal(["g2", "docs"], Groups(Get(Ada.Route() with { Identity = new() { AssertionGroups = ["docs", "unknown"] } }).Assertion));

    [Fact]
    public void An_email_that_nobody_vouches_for_is_told_to_nobody()
    {
        var person = Ada.Person(verified: false);
        var route = Ada.Route() with { Identity = Headers(("X-WEBAUTH-USER", "email")) };
        var told = _cache.Get(Ada.Session(), person, route, Host);
        Assert.Null(Claims(told.Assertion)["email"]);
        Assert.Empty(told.Values);
    }

    [Fact]
    public void Facts_and_claims_are_sent_as_headers()
    {
        var route = Ada.Route() with
        {
            Identity = Headers(("X-WEBAUTH-USER", "email"), ("X-WEBAUTH-GROUPS", "groups"), ("X-Person", "user"), ("X-Sub", "sub"), ("X-Name", "name"), ("X-None", "absent")) with
            {
                AssertionGroups = ["sre", "docs"],
                JwtClaimsHeaders = Map(("X-Doorward-Claim-Department", "department"), ("X-Roles", "realm_access/roles")),
            },
        };
        var told = Get(route);
        Assert.Equal(
            [
                "X-Doorward-Claim-Department: ops", "X-Name: Ada Lovelace", "X-Person: corp/ada", "X-Roles: a,b", "X-Sub: ada",
                "X-WEBAUTH-GROUPS: sre,docs", "X-WEBAUTH-USER: ada@example.com",
            ],
            told.Values.Select(v => $"{v.Key}: {v.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("ops", (string?)Claims(told.Assertion)["department"]);
    }

    [Fact]
    public void A_claim_of_the_provider_does_not_speak_in_our_name()
    {
        var route = Ada.Route() with { Identity = new() { JwtClaimsHeaders = Map(("X-A", "iss"), ("X-B", "exp"), ("X-C", "sub")) } };
        var claims = Claims(Get(route).Assertion);
        Assert.Equal("https://door.example.com", (string?)claims["iss"]);
        Assert.Equal("corp/ada", (string?)claims["sub"]);
    }

    [Fact]
    public void Without_identity_headers_only_the_named_ones_are_sent()
    {
        var told = Get(Ada.Route() with { Identity = Headers(("Remote-User", "user")) with { Pass = false } });
        Assert.Null(told.Assertion);
        Assert.Equal("Remote-User", Assert.Single(told.Values).Key);
    }

    [Fact]
    public void The_original_product_s_assertion_names_the_host_and_all_groups_and_says_when_it_cut()
    {
        var route = Ada.Route() with { Identity = new() { PomeriumCompatibility = true, JwtClaimsHeaders = Map(("X-Doorward-Claim-Department", "department")) } };
        var values = Get(route).Values.ToDictionary(v => v.Key, v => v.Value);
        var claims = Claims(values["X-Pomerium-Jwt-Assertion"]);
        Assert.Equal((Host, Host, "corp/ada"), ((string?)claims["iss"], (string?)claims["aud"], (string?)claims["user"]));
        Assert.Equal(["g1", "sre", "g2", "docs"], claims["groups"]!.AsArray().Select(g => (string?)g));
        Assert.Null(claims["groups_cut"]);
        Assert.Equal("ops", values["X-Pomerium-Claim-Department"]);

        var many = Ada.Person(groups: [.. Enumerable.Range(0, 501).Select(i => new GroupFact($"g{i}"))]) with { Version = 2 };
        claims = Claims(_cache.Get(Ada.Session(), many, route, Host).Values.Single(v => v.Key == "X-Pomerium-Jwt-Assertion").Value);
        Assert.Equal(500, claims["groups"]!.AsArray().Count);
        Assert.True((bool)claims["groups_cut"]!);
    }

    [Fact]
    public void It_is_reused_for_half_its_life_and_signed_anew_afterwards()
    {
        var (session, person, route) = (Ada.Session(), Ada.Person(), Ada.Route());
        var first = _cache.Get(session, person, route, Host);
        _keys.Time.Advance(TimeSpan.FromSeconds(149));
        Assert.Same(first, _cache.Get(session, person, route, Host));
        _keys.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, _cache.Get(session, person, route, Host));
    }

    [Fact]
    [Trait("advisory", "113")]
    public void Whatever_it_is_made_of_makes_another_one()
    {
        var (session, person, route) = (Ada.Session(), Ada.Person(), Ada.Route());
        var first = _cache.Get(session, person, route, Host);
        Assert.NotSame(first, _cache.Get(session with { Version = 2 }, person, route, Host));
        Assert.NotSame(first, _cache.Get(session with { Id = "s2" }, person, route, Host));
        Assert.NotSame(first, _cache.Get(session, person with { Version = 2 }, route, Host));
        Assert.NotSame(first, _cache.Get(session, person, route with { Version = 2 }, Host));
        Assert.NotSame(first, _cache.Get(session, person, route with { Name = "other" }, Host));
        Assert.NotSame(first, _cache.Get(session, person, route, "other.example.com"));
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var (session, person, route) = (Ada.Session(), Ada.Person(), Ada.Route());
        var cache = new AssertionCache(new AssertionWriter("https://door.example.com"), _keys.Signing, TimeProvider.System);
        for (var i = 0; i < 1000; i++) cache.Get(session, person, route, Host);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) cache.Get(session, person, route, Host);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        var cache = new AssertionCache(new AssertionWriter("https://door.example.com"), _keys.Signing, _keys.Time, size: 100_000);
        var (session, person, route) = (Ada.Session(), Ada.Person(), Ada.Route());
        var first = cache.Get(session, person, route, Host);
        for (var i = 0; i < 200; i++) cache.Get(session with { Id = $"s{i + 2}" }, person, route, Host);
        Assert.NotSame(first, cache.Get(session, person, route, Host));
    }

    [Fact]
    public void It_is_signed_for_its_own_purpose_and_typed()
    {
        Assert.Equal(_keys.Signing.Active(KeyPurpose.Assertion).Id, (string?)Part(Get().Assertion, 0)["kid"]);
        Assert.Equal("JWT", (string?)Part(Get().Assertion, 0)["typ"]);
        Assert.NotEqual(_keys.Signing.Active(KeyPurpose.ClusterToken).Id, _keys.Signing.Active(KeyPurpose.Assertion).Id);
    }

    private IdentityHeaders Get(Route? route = null) => _cache.Get(Ada.Session(), Ada.Person(), route ?? Ada.Route(), Host);

    private static IEnumerable<string?> Groups(string? token) => Claims(token)["groups"]!.AsArray().Select(g => (string?)g);

    private static JsonObject Claims(string? token) => Part(token, 1);

    private static JsonObject Part(string? token, int index)
    {
        Assert.True(StrictBase64Url.TryDecode(token!.Split('.')[index], out var json));
        return (JsonObject)JsonNode.Parse(Encoding.UTF8.GetString(json))!;
    }

    private static IdentityHeaderSettings Headers(params (string, string)[] headers) => new() { IdentityHeaders = Map(headers) };

    private static System.Collections.Frozen.FrozenDictionary<string, string> Map(params (string Key, string Value)[] pairs) =>
        System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(pairs, p => p.Key, p => p.Value);
}
