using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Doorward.Revocation.Site;
using Doorward.Server.Identity.Scim;

namespace Doorward.Revocation.Sources;

/// <summary>A directory that speaks SCIM, as the sources that are told by one use it.</summary>
internal sealed class DirectoryClient(Place place)
{
    private const string Path = $"{ScimEndpoints.Path}/{Place.Directory}";

    /// <summary>Makes a resource.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(string type, object resource)
    {
        using var answer = await place.Told.AskAsync(HttpMethod.Post, $"{Path}/{type}", JsonContent.Create(resource), Place.ScimToken);
        await Acknowledged.AtAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public Task<string> CreateUserAsync(Person person) => CreateAsync("Users", new { userName = person.Email, externalId = person.Subject, active = true });

    public Task<long> PatchAsync(string resource, string operations, Node? node = null) => (node ?? place.Told).TellAsync(
        HttpMethod.Patch, $"{Path}/{resource}", new StringContent($$"""{"Operations":[{{operations}}]}""", Encoding.UTF8, "application/scim+json"), Place.ScimToken);
}

/// <summary>A directory says that a person is no longer active.</summary>
internal sealed class ScimDeactivation(Place place) : Source(place)
{
    private readonly DirectoryClient _directory = new(place);
    private readonly Dictionary<string, string> _users = [];

    public override string Name => "SCIM: deactivated";

    public override async Task PrepareAsync(IReadOnlyList<Person> people)
    {
        foreach (var person in people) _users[person.Subject] = await _directory.CreateUserAsync(person);
    }

    public override Task<long> TakeAsync(Person person) => _directory.PatchAsync($"Users/{_users[person.Subject]}", """{"op":"replace","value":{"active":false}}""");
}

/// <summary>A directory takes a person out of the group that let them in.</summary>
internal sealed class ScimGroup(Place place) : Source(place)
{
    private readonly DirectoryClient _directory = new(place);
    private readonly Dictionary<string, string> _users = [];
    private string? _group;

    public override string Name => "SCIM: group changed";

    /// <summary>They are let in by the directory's word alone.</summary>
    public override IReadOnlyList<string> Groups => [];

    public override async Task PrepareAsync(IReadOnlyList<Person> people)
    {
        foreach (var person in people) _users[person.Subject] = await _directory.CreateUserAsync(person);
        _group ??= await _directory.CreateAsync("Groups", new { displayName = Place.Visitors });
        var members = JsonSerializer.Serialize(people.Select(person => new { value = _users[person.Subject] }));
        await _directory.PatchAsync($"Groups/{_group}", $$"""{"op":"add","path":"members","value":{{members}}}""");
    }

    public override Task<long> TakeAsync(Person person) => _directory.PatchAsync(
        $"Groups/{_group}", $$"""{"op":"remove","path":"members[value eq \"{{_users[person.Subject]}}\"]"}""");
}
