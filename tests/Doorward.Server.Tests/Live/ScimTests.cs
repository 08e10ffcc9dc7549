using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>A directory tells by SCIM, as Okta and Entra do, and what it tells counts at once.</summary>
public sealed class ScimTests : IAsyncLifetime
{
    private const string Token = "a-token-of-a-directory-that-is-long-enough";
    private const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private readonly LiveDoor _door = new()
    {
        Settings = $"scim: [ {{ name: okta, provider: corp, join: user_name, token: {Token} }}, {{ name: entra, provider: corp, token: other-{Token} }} ]",
    };

    private KestrelUpstream _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await StreamingService.StartAsync();
        await _door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", policy: {{ allow: {{ and: [ {{ groups: {{ has: finance }} }} ] }} }} }}");
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"Operations":[{"op":"replace","value":{"active":false}}]}""")]
    [InlineData("""{"Operations":[{"op":"Replace","path":"active","value":"False"}]}""")]
    [InlineData("""{"Operations":[{"op":"add","path":"urn:doorward:params:scim:schemas:extension:1.0:User:endDate","value":"2020-01-01T00:00:00Z"}]}""")]
    [InlineData(null)]
    [Trait("advisory", "205")]
    public async Task Whoever_is_let_go_loses_what_they_have_open(string? patch)
    {
        var id = await CreateAsync("Users", new { schemas = new[] { User }, userName = "ada", active = true });
        await CreateAsync("Groups", new { displayName = "finance", members = new[] { new { value = id } } });
        using var socket = await SocketAsync();

        using var answer = await AskAsync(patch is null ? HttpMethod.Delete : HttpMethod.Patch, $"Users/{id}", patch);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await AssertClosedAsync(socket);
        Assert.DoesNotContain((await PersonAsync())!.Told, row => row is { Source: "scim/okta", Active: 1, EndDate: null });
    }

    [Theory]
    [InlineData("""{"Operations":[{"op":"remove","path":"members[value eq \"ID\"]"}]}""")]
    [InlineData("""{"Operations":[{"op":"Remove","path":"members","value":[{"value":"ID"}]}]}""")]
    [InlineData("""{"Operations":[{"op":"replace","path":"members","value":[]}]}""")]
    [InlineData("""{"Operations":[{"op":"replace","value":{"displayName":"marketing"}}]}""")]
    public async Task Whoever_leaves_a_group_loses_what_it_opened(string patch)
    {
        var id = await CreateAsync("Users", new { userName = "ada" });
        var group = await CreateAsync("Groups", new { displayName = "finance", members = new[] { new { value = id } } });
        using var socket = await SocketAsync();

        using var answer = await AskAsync(HttpMethod.Patch, $"Groups/{group}", patch.Replace("ID", id, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await AssertClosedAsync(socket);
    }

    [Fact]
    public async Task Entras_dialect_makes_what_its_paths_name()
    {
        var id = await CreateAsync("Users", new { userName = "ada", externalId = "x1" });
        using var answer = await AskAsync(HttpMethod.Patch, $"Users/{id}", """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
              {"op":"Add","path":"emails[type eq \"work\"].value","value":"ada@example.com"},
              {"op":"Add","path":"name.givenName","value":"Ada"},
              {"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"docs"},
              {"op":"Replace","value":{"displayName":"Ada L.","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":{"value":"grace"}}},
              {"op":"Add","path":"active","value":"True"}]}
            """);
        var user = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("ada@example.com", "work"), (user.GetProperty("emails")[0].GetProperty("value").GetString(), user.GetProperty("emails")[0].GetProperty("type").GetString()));
        Assert.Equal(("Ada", "Ada L.", true), (user.GetProperty("name").GetProperty("givenName").GetString(), user.GetProperty("displayName").GetString(), user.GetProperty("active").GetBoolean()));
        var facts = (await PersonAsync())!.Facts;
        Assert.Equal(("docs", "grace"), (facts.Attributes["department"].Value, facts.Attributes["manager"].Value));
    }

    [Theory]
    [InlineData("userName eq \"ADA\"", 1)]
    [InlineData("externalId eq \"x1\"", 1)]
    [InlineData("externalId eq \"none\"", 0)]
    [InlineData("active eq true and (userName sw \"b\" or name.familyName co \"love\")", 2)]
    [InlineData("not (userName eq \"ada\")", 2)]
    [InlineData("emails[type eq \"work\" and value ew \"example.com\"]", 1)]
    [InlineData("emails.value pr", 1)]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ne \"docs\"", 2)]
    public async Task Filters_find_what_they_ask_for(string filter, int count)
    {
        await CreateAsync("Users", new { userName = "ada", externalId = "x1", active = true, name = new { familyName = "Lovelace" }, emails = new[] { new { type = "work", value = "ada@example.com" } } });
        await CreateAsync("Users", new Dictionary<string, object> { ["userName"] = "bob", ["active"] = true, [Enterprise] = new { department = "docs" } });
        await CreateAsync("Users", new { userName = "carol", active = false });
        var list = await JsonAsync($"Users?filter={Uri.EscapeDataString(filter)}");
        Assert.Equal((count, count), (list.GetProperty("totalResults").GetInt32(), list.GetProperty("Resources").GetArrayLength()));
    }

    [Fact]
    public async Task Pages_are_cut_where_asked_and_versions_protect_against_lost_changes()
    {
        foreach (var name in (string[])["a", "b", "c"]) await CreateAsync("Users", new { userName = name });
        var page = await JsonAsync("Users?startIndex=2&count=1");
        Assert.Equal((3, 2, 1, "b"), (page.GetProperty("totalResults").GetInt32(), page.GetProperty("startIndex").GetInt32(), page.GetProperty("itemsPerPage").GetInt32(), page.GetProperty("Resources")[0].GetProperty("userName").GetString()));
        var id = page.GetProperty("Resources")[0].GetProperty("id").GetString();
        Assert.Equal("W/\"1\"", page.GetProperty("Resources")[0].GetProperty("meta").GetProperty("version").GetString());

        using var unchanged = await AskAsync(HttpMethod.Get, $"Users/{id}", null, ("If-None-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var changed = await AskAsync(HttpMethod.Put, $"Users/{id}", """{"userName":"b2"}""", ("If-Match", "W/\"1\""));
        Assert.Equal((HttpStatusCode.OK, "W/\"2\""), (changed.StatusCode, changed.Headers.ETag!.ToString()));
        using var late = await AskAsync(HttpMethod.Put, $"Users/{id}", """{"userName":"b3"}""", ("If-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
    }

    [Theory]
    [InlineData("POST", "Users", "{\"userName\":\"ada\",\"userName\":\"eve\"}", 400, "invalidSyntax")]
    [InlineData("POST", "Users", "{", 400, "invalidSyntax")]
    [InlineData("POST", "Users", "{\"displayName\":\"nameless\"}", 400, "invalidValue")]
    [InlineData("POST", "Users", "{\"userName\":\"ADA\"}", 409, "uniqueness")]
    [InlineData("POST", "Users", "{\"userName\":\"eve\",\"active\":\"perhaps\"}", 400, "invalidValue")]
    [InlineData("POST", "Users", "{\"userName\":\"eve\",\"urn:doorward:params:scim:schemas:extension:1.0:User\":{\"endDate\":\"soon\"}}", 400, "invalidValue")]
    [InlineData("PATCH", "Users/ID", "{\"Operations\":[{\"op\":\"move\",\"path\":\"active\",\"value\":true}]}", 400, "invalidSyntax")]
    [InlineData("PATCH", "Users/ID", "{\"Operations\":[{\"op\":\"remove\"}]}", 400, "noTarget")]
    [InlineData("PATCH", "Users/ID", "{\"Operations\":[{\"op\":\"replace\",\"path\":\"a b\",\"value\":1}]}", 400, "invalidPath")]
    [InlineData("GET", "Users?filter=userName%20eq", null, 400, "invalidFilter")]
    [InlineData("GET", "Users?filter=((((((((((((((((((((((((((((((", null, 400, "invalidFilter")]
    [InlineData("GET", "Users/none", null, 404, null)]
    [InlineData("DELETE", "Groups/none", null, 404, null)]
    [InlineData("GET", "Planets", null, 404, null)]
    public async Task What_is_wrong_is_told_and_changes_nothing(string method, string path, string? body, int status, string? type)
    {
        var id = await CreateAsync("Users", new { userName = "ada", active = true });
        using var answer = await AskAsync(new HttpMethod(method), path.Replace("ID", id, StringComparison.Ordinal), body);
        Assert.Equal(status, (int)answer.StatusCode);
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(type, error.TryGetProperty("scimType", out var told) ? told.GetString() : null);
        var users = await JsonAsync("Users");
        Assert.Equal((1, "ada", "W/\"1\""), (users.GetProperty("totalResults").GetInt32(), users.GetProperty("Resources")[0].GetProperty("userName").GetString(), users.GetProperty("Resources")[0].GetProperty("meta").GetProperty("version").GetString()));
    }

    [Fact]
    public async Task A_client_has_a_token_and_resources_of_its_own()
    {
        await CreateAsync("Users", new { userName = "ada" });
        foreach (var (client, token) in ((string, string?)[])[("okta", null), ("okta", "other-" + Token), ("entra", Token), ("none", Token)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://door.test/.doorward/scim/v2/{client}/Users");
            if (token is not null) request.Headers.Add("Authorization", $"Bearer {token}");
            using var answer = await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var own = new HttpRequestMessage(HttpMethod.Get, "https://door.test/.doorward/scim/v2/entra/Users") { Headers = { { "Authorization", $"Bearer other-{Token}" } } };
        using var list = await new HttpMessageInvoker(_door.Handler()).SendAsync(own, default);
        Assert.Equal(0, (await list.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("totalResults").GetInt32());
    }

    [Fact]
    public async Task Bad_input_is_refused_changes_nothing_and_is_recorded()
    {
        var deep = $$"""{"userName":"ada","x":{{new string('[', 100)}}{{new string(']', 100)}}}""";
        foreach (var (body, status) in ((string, int)[])[(new string('x', 5 * 1024 * 1024), 413), (deep, 400), ("{\"userName\":\"ada\",\"userName\":\"eve\"}", 400)])
        {
            using var answer = await AskAsync(HttpMethod.Post, "Users", body);
            Assert.Equal((status, "application/scim+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }

        using var unknown = new HttpRequestMessage(HttpMethod.Get, "https://door.test/.doorward/scim/v2/okta/Users") { Headers = { { "Authorization", "Bearer guessed" } } };
        using var refused = await new HttpMessageInvoker(_door.Handler()).SendAsync(unknown, default);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(0, (await JsonAsync("Users")).GetProperty("totalResults").GetInt32());
        await _door.Services.GetRequiredService<AuditTrail>().FlushAsync();
        var told = new TrailFolder(_door.Services.GetRequiredService<AuditTrail>().Folder).Records().Select(TrailFolder.Body).Where(body => body.TryGetProperty("act", out var act) && act.GetString() == "refused");
        Assert.Equal(["tooLarge", "invalidSyntax", "invalidSyntax", "unauthorized"], told.Select(body => body.GetProperty("details").GetProperty("error").GetString()));
    }

    [Fact]
    public async Task It_says_what_it_can()
    {
        Assert.True((await JsonAsync("ServiceProviderConfig")).GetProperty("patch").GetProperty("supported").GetBoolean());
        Assert.Equal(2, (await JsonAsync("ResourceTypes")).GetProperty("totalResults").GetInt32());
        Assert.Contains((await JsonAsync("Schemas")).GetProperty("Resources").EnumerateArray(), schema => schema.GetProperty("id").GetString() == Enterprise);
        Assert.Equal(User, (await JsonAsync($"Schemas/{User}")).GetProperty("id").GetString());
    }

    private Task<KnownPerson?> PersonAsync() => _door.Services.GetRequiredService<DirectoryStore>().FindAsync("corp/ada", default);

    private async Task<string> CreateAsync(string type, object resource)
    {
        using var answer = await AskAsync(HttpMethod.Post, type, JsonSerializer.Serialize(resource));
        var created = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, created.ToString());
        Assert.EndsWith($"/okta/{type}/{created.GetProperty("id").GetString()}", answer.Headers.Location!.AbsolutePath, StringComparison.Ordinal);
        return created.GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await AskAsync(HttpMethod.Get, path, null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? body, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, $"https://door.test/.doorward/scim/v2/okta/{path}") { Headers = { { "Authorization", $"Bearer {Token}" } } };
        if (header is { } more) request.Headers.TryAddWithoutValidation(more.Name, more.Value);
        if (body is not null) request.Content = new StringContent(body, null, "application/scim+json");
        return await new HttpMessageInvoker(_door.Handler()).SendAsync(request, default);
    }

    private async Task<ClientWebSocket> SocketAsync()
    {
        var (_, cookie) = await _door.SignInAsync("ada");
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(_door.Handler()), default);
        return socket;
    }

    private static async Task AssertClosedAsync(ClientWebSocket socket)
    {
        using var soon = new CancellationTokenSource(Eventually.Patience);
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[100], soon.Token)).MessageType);
        Assert.InRange((int)socket.CloseStatus!, 4401, 4403);
    }
}
