using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Tests.Routes.Loading;

namespace Doorward.Server.Tests.Identity.Providers;

/// <summary>Each folder of Recorded is one product: its answers, and what we make of them (expected.json).</summary>
public sealed class PresetTests
{
    private static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Recorded => [.. Directory.GetDirectories(RecordedProvider.Root).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recorded))]
    [Trait("advisory", "21")]
    [Trait("advisory", "219")]
    public async Task A_recorded_sign_in_says_what_is_expected(string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var recorded = await RecordedProvider.StartAsync(name);
        recorded.Nonce = "nonce-of-the-flow";
        var provider = recorded.Providers.Find(name)!;
        var callback = new Uri("https://door.example.com/oauth2/callback");
        var url = await provider.AuthorizeAsync(new AuthorizationRequest(callback, "state-1", recorded.Nonce, new string('v', 43)), cancel);
        JsonElement? posted = recorded.Read("posted") is { } user ? JsonSerializer.SerializeToElement(user) : null;
        var signedIn = await provider.ExchangeAsync(new CodeExchange("code-1", callback, recorded.Nonce, new string('v', 43), posted), cancel);
        var signOut = await provider.SignOutAsync("ID", new Uri("https://door.example.com/.doorward/signed-out"), "state-2", cancel);

        var actual = new JsonObject
        {
            ["authorize"] = new JsonArray([.. url.AbsoluteUri.Split('?', '&').Select(part => (JsonNode)Uri.UnescapeDataString(part))]),
            ["requests"] = new JsonArray([.. recorded.Requests.Select(r => (JsonNode)r)]),
            ["signed_in"] = Told(signedIn),
            ["sign_out"] = signOut is null ? null : new JsonArray([.. signOut.AbsoluteUri.Split('?', '&').Select(part => (JsonNode)Uri.UnescapeDataString(part))]),
        }.ToJsonString(_readable) + "\n";
        Golden.Matches(Path.Combine(RecordedProvider.Root, name, "expected.json"), actual);
    }

    [Fact]
    public void Every_preset_is_recorded() =>
        Assert.Empty(Preset.Names.Except(Directory.GetDirectories(RecordedProvider.Root).Select(f => Path.GetFileName(f))));

    private static JsonObject Told(SignedIn signedIn) => new()
    {
        ["subject"] = signedIn.Subject,
        ["name"] = signedIn.Name,
        ["email"] = signedIn.Email,
        ["email_verified"] = signedIn.EmailVerified,
        ["groups"] = signedIn.Groups is null ? null : new JsonArray([.. signedIn.Groups.Select(Group)]),
        ["acr"] = signedIn.Acr,
        ["amr"] = signedIn.Amr is null ? null : JsonSerializer.SerializeToNode(signedIn.Amr),
        ["auth_time"] = signedIn.AuthTime is not null,
        ["provider_session"] = signedIn.ProviderSessionId,
        ["refreshable"] = signedIn.Tokens.Refresh is not null,
        ["access_expires"] = signedIn.Tokens.Expires?.ToString("u"),
        ["claims"] = new JsonObject(signedIn.Claims.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Key, JsonSerializer.SerializeToNode(c.Value.Value)))),
    };

    private static JsonNode? Group(GroupFact group) => JsonSerializer.SerializeToNode(new { group.Id, group.Name, group.Email });
}
