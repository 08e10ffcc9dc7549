using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.DevIdp.People;

namespace Doorward.DevIdp.Telling;

/// <summary>Tells by SCIM 2.0 (RFC 7644), as directories do: everybody once at the start, then what has changed.</summary>
internal sealed class DirectorySender(Listener listener)
{
    private const string Users = "Users", Groups = "Groups";
    private const string User = "urn:ietf:params:scim:schemas:core:2.0:User", Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    private const string Patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp", Doorward = "urn:doorward:params:scim:schemas:extension:1.0:User";

    // Their ids, by name.
    private readonly Dictionary<string, string> _users = [], _groups = [];

    public async Task<int> KeepPersonAsync(Person person, CancellationToken cancellation)
    {
        var resource = new JsonObject
        {
            ["schemas"] = new JsonArray(User, Doorward),
            ["userName"] = person.UserName,
            ["externalId"] = person.Subject,
            ["displayName"] = person.Name,
            ["emails"] = new JsonArray(new JsonObject { ["value"] = person.Email, ["type"] = "work", ["primary"] = true }),
            ["active"] = person.Active,
        };
        if (person.EndDate is { } end) resource[Doorward] = new JsonObject { ["endDate"] = Text(end) };
        var (status, id) = await KeepAsync(Users, "userName", person.UserName, resource, cancellation);
        _users[person.UserName] = id;
        return status;
    }

    public async Task<int> KeepGroupAsync(string name, IEnumerable<Person> members, CancellationToken cancellation)
    {
        var resource = new JsonObject
        {
            ["schemas"] = new JsonArray(Group),
            ["displayName"] = name,
            ["members"] = new JsonArray([.. members.Select(member => (JsonNode)new JsonObject { ["value"] = _users[member.UserName] })]),
        };
        var (status, id) = await KeepAsync(Groups, "displayName", name, resource, cancellation);
        _groups[name] = id;
        return status;
    }

    public Task<int> ActivateAsync(Person person, CancellationToken cancellation) =>
        PatchAsync(Users, _users[person.UserName], new() { ["op"] = "replace", ["path"] = "active", ["value"] = person.Active }, cancellation);

    public Task<int> EndAsync(Person person, CancellationToken cancellation) => PatchAsync(
        Users,
        _users[person.UserName],
        person.EndDate is { } end ? new() { ["op"] = "add", ["path"] = Doorward + ":endDate", ["value"] = Text(end) } : new() { ["op"] = "remove", ["path"] = Doorward + ":endDate" },
        cancellation);

    public Task<int> JoinAsync(Person person, string group, CancellationToken cancellation) => PatchAsync(
        Groups, _groups[group], new() { ["op"] = "add", ["path"] = "members", ["value"] = new JsonArray(new JsonObject { ["value"] = _users[person.UserName] }) }, cancellation);

    public Task<int> LeaveAsync(Person person, string group, CancellationToken cancellation) =>
        PatchAsync(Groups, _groups[group], new() { ["op"] = "remove", ["path"] = $"members[value eq \"{_users[person.UserName]}\"]" }, cancellation);

    private async Task<int> PatchAsync(string type, string id, JsonObject operation, CancellationToken cancellation) =>
        (await SendAsync(HttpMethod.Patch, $"{type}/{id}", new() { ["schemas"] = new JsonArray(Patch), ["Operations"] = new JsonArray(operation) }, cancellation)).Status;

    private async Task<(int Status, string Id)> KeepAsync(string type, string nameOfName, string name, JsonObject resource, CancellationToken cancellation)
    {
        var found = (await SendAsync(HttpMethod.Get, $"{type}?filter={Uri.EscapeDataString($"{nameOfName} eq \"{name}\"")}", null, cancellation)).Body;
        var known = found.TryGetProperty("Resources", out var list) && list.GetArrayLength() > 0 ? list[0].GetProperty("id").GetString() : null;
        var (status, kept) = await SendAsync(known is null ? HttpMethod.Post : HttpMethod.Put, known is null ? type : $"{type}/{known}", resource, cancellation);
        return (status, kept.GetProperty("id").GetString()!);
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(listener.Directory, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", listener.DirectoryToken);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), null, "application/scim+json");
        using var answer = await listener.Http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation));
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
