using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Scim;

/// <summary>
/// What SCIM clients keep here. The resource, its members and what follows for people are one transaction: once a client is answered,
/// every node is told. A client speaks only of the people of its provider.
/// </summary>
internal sealed class ScimStore(Database database, TimeProvider time)
{
    public static string SourceOf(ScimOptions client) => $"scim/{client.Name}";

    public async Task<(ScimResource Resource, IReadOnlyList<string> Members)?> FindAsync(ScimOptions client, string type, string id, CancellationToken cancellation) =>
        await database.ReadAsync<(ScimResource, IReadOnlyList<string>)?>(
            async connection => await ScimResource.FindAsync(connection, client.Name, type, id) is { } found ? (found, await MembersAsync(connection, found)) : null, cancellation);

    /// <summary>All of a type; where a name or an external id is asked for, by an index.</summary>
    public Task<IReadOnlyList<(ScimResource Resource, IReadOnlyList<string> Members)>> ListAsync(ScimOptions client, string type, ScimFilter? filter, CancellationToken cancellation) =>
        database.ReadAsync(async connection =>
        {
            var (column, key) = filter is ScimFilter.Compare { Operator: "eq", Text: { } text, Path: { Extension: null, Filter: null, Sub: null, Attribute: { } attribute } }
                ? attribute.ToLowerInvariant() switch
                {
                    "username" or "displayname" when (type == ScimResource.User) == attribute.Equals("userName", StringComparison.OrdinalIgnoreCase) => ("name_key", text.ToLowerInvariant()),
                    "externalid" => ("external_id", text),
                    "id" => ("id", text),
                    _ => (null, null),
                }
                : ((string?)null, (string?)null);
            var rows = await connection.QueryAsync<ScimResource>(
                $"SELECT {ScimResource.Columns} FROM scim_resources WHERE client = @Name AND type = @type {(column is null ? "" : $"AND {column} = @key")} ORDER BY created, id", new { client.Name, type, key });
            var found = new List<(ScimResource, IReadOnlyList<string>)>();
            foreach (var row in rows)
            {
                var members = await MembersAsync(connection, row);
                if (filter is null || filter.Matches(row.Answer("", members))) found.Add((row, members));
            }
            return (IReadOnlyList<(ScimResource, IReadOnlyList<string>)>)found;
        }, cancellation);

    /// <summary>Makes, or replaces whole where <paramref name="id"/> is given, or changes by <paramref name="change"/>.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="type">User or Group.</param>
    /// <param name="id">Null for a new one.</param>
    /// <param name="ifMatch">The version that the client knows; null for any.</param>
    /// <param name="change">From what there is to what there shall be.</param>
    public async Task<(ScimResource Resource, IReadOnlyList<string> Members)> KeepAsync(ScimOptions client, string type, string? id, string? ifMatch, Func<JsonObject, JsonObject> change) =>
        (await database.WriteAsync(async transaction =>
        {
            var known = id is null ? null : await KnownAsync(transaction, client, type, id, ifMatch);
            var members = known is null ? [] : await MembersAsync(transaction, known);
            var before = known?.Content() ?? ScimJson.Parse("{}");
            if (type == ScimResource.Group) before["members"] = new JsonArray([.. members.Select(one => (JsonNode)new JsonObject { ["value"] = one })]);
            var content = change(before);
            var wanted = type == ScimResource.Group ? MembersOf(content) : [];
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var kept = ResourceOf(client, type, content) with { Id = known?.Id ?? Guid.CreateVersion7().ToString(), Version = (known?.Version ?? 0) + 1, Created = known?.Created ?? now, Modified = now };
            if (kept.NameKey != known?.NameKey && await transaction.FindAsync<long>(
                "SELECT count(*) FROM scim_resources WHERE client = @Client AND type = @Type AND name_key = @NameKey AND id <> @Id", kept) != 0)
                throw ScimFault.NotUnique($"There is a {type} of this name already.");
            await kept.KeepAsync(transaction);
            if (type == ScimResource.User)
            {
                if (known?.Person is { } former && former != kept.Person) await DirectoryStore.ForgetAsync(transaction, SourceOf(client), former);
                await TellAsync(transaction, client, kept);
            }
            else
            {
                // Whoever is in a group that has another name now is told as well.
                var renamed = known is not null && known.NameKey != kept.NameKey;
                foreach (var gone in members.Except(wanted)) await transaction.ExecuteAsync("DELETE FROM scim_members WHERE client = @Client AND group_id = @Id AND user_id = @gone", new { kept.Client, kept.Id, gone });
                foreach (var added in wanted.Except(members)) await transaction.ExecuteAsync("INSERT INTO scim_members (client, group_id, user_id) VALUES (@Client, @Id, @added)", new { kept.Client, kept.Id, added });
                await TellAllAsync(transaction, client, renamed ? wanted.Union(members) : wanted.Except(members).Union(members.Except(wanted)));
            }
            await SignalSources.HeardAsync(transaction, SourceOf(client), $"{type} {(known is null ? "made" : "changed")}", type != ScimResource.User || kept.Person is not null, time.GetUtcNow());
            return (kept, (IReadOnlyList<string>)wanted);
        }, CancellationToken.None)).Value;

    /// <summary>A user that is deleted is somebody who is no longer there: inactive, until they are made again.</summary>
    public Task DeleteAsync(ScimOptions client, string type, string id, string? ifMatch) => database.WriteAsync(async transaction =>
    {
        var known = await KnownAsync(transaction, client, type, id, ifMatch);
        var members = await MembersAsync(transaction, known);
        await transaction.ExecuteAsync("DELETE FROM scim_resources WHERE client = @Client AND type = @Type AND id = @Id", known);
        await transaction.ExecuteAsync("DELETE FROM scim_members WHERE client = @Client AND (group_id = @Id OR user_id = @Id)", known);
        if (known.Person is { } person) await DirectoryStore.KeepAsync(transaction, new DirectoryRow { Source = SourceOf(client), Person = person, Active = 0 });
        await TellAllAsync(transaction, client, members);
        await SignalSources.HeardAsync(transaction, SourceOf(client), $"{type} deleted", type != ScimResource.User || known.Person is not null, time.GetUtcNow());
    }, CancellationToken.None);

    private static async Task<ScimResource> KnownAsync(Transaction transaction, ScimOptions client, string type, string id, string? ifMatch)
    {
        var known = await ScimResource.FindAsync(transaction, client.Name, type, id, transaction.ForUpdate) ?? throw ScimFault.NotFound($"There is no {type} «{id}».");
        return ifMatch is null or "*" || ifMatch == known.ETag ? known : throw ScimFault.Changed();
    }

    private static ScimResource ResourceOf(ScimOptions client, string type, JsonObject content)
    {
        foreach (var derived in (string[])["id", "meta", "members", "groups", "password"]) content.Remove(derived);
        var name = content.Text(type == ScimResource.User ? "userName" : "displayName") ?? throw ScimFault.InvalidValue(type == ScimResource.User ? "A user has a «userName»." : "A group has a «displayName».");
        if (content.Truth("active") is { } active) content["active"] = active;
        var subject = client.Join == ScimJoin.UserName ? name : content.Text("externalId");
        return new()
        {
            Client = client.Name,
            Type = type,
            NameKey = name.ToLowerInvariant(),
            ExternalId = content.Text("externalId"),
            Person = type == ScimResource.User && subject is not null ? PersonRow.IdOf(client.Provider, subject) : null,
            Json = content.ToJsonString(),
        };
    }

    private static List<string> MembersOf(JsonObject group)
    {
        if (group["members"] is not { } members) return [];
        if (members is not JsonArray list) throw ScimFault.InvalidValue("«members» is a list.");
        return [.. list.Select(one => (one as JsonObject)?.Text("value") ?? throw ScimFault.InvalidValue("Each member has a «value».")).Distinct()];
    }

    private static async Task<IReadOnlyList<string>> MembersAsync(StoreConnection connection, ScimResource resource) => resource.Type != ScimResource.Group
        ? []
        : await connection.QueryAsync<string>("SELECT user_id FROM scim_members WHERE client = @Client AND group_id = @Id ORDER BY user_id", resource);

    private static async Task TellAllAsync(Transaction transaction, ScimOptions client, IEnumerable<string> users)
    {
        foreach (var id in users)
            if (await ScimResource.FindAsync(transaction, client.Name, ScimResource.User, id) is { } user) await TellAsync(transaction, client, user);
    }

    private static async Task TellAsync(Transaction transaction, ScimOptions client, ScimResource user)
    {
        if (user.Person is not { } person) return;
        var groups = await transaction.QueryAsync<ScimResource>(
            $"""
            SELECT {ScimResource.Columns.Replace("client,", "g.client,", StringComparison.Ordinal)} FROM scim_resources g JOIN scim_members m ON m.client = g.client AND m.group_id = g.id
            WHERE g.client = @Client AND g.type = 'Group' AND m.user_id = @Id ORDER BY g.id
            """,
            user);
        await DirectoryStore.KeepAsync(transaction, ScimPerson.Read(SourceOf(client), person, user.Content(), [.. groups.Select(group => new GroupFact(group.Id, group.Content().Text("displayName")))]));
    }
}
