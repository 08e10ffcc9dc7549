using System.Text.Json.Nodes;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Scim;

/// <summary>
/// What SCIM clients keep here. The resource, its members and what follows for people are one transaction: once a client is answered,
/// every node is told. A client speaks only of the people of its provider.
/// </summary>
internal sealed class ScimStore(Database database, ScimUsers users, TimeProvider time)
{
    public static string SourceOf(ScimOptions client) => SourceOf(client.Name);

    public static string SourceOf(string client) => $"scim/{client}";

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
    public async Task<(ScimResource Resource, IReadOnlyList<string> Members)> KeepAsync(ScimOptions client, string type, string? id, string? ifMatch, Func<JsonObject, JsonObject> change)
    {
        if (type == ScimResource.User) return (await users.ChangeAsync(new(client, id, ifMatch, change)), []);
        return (await database.WriteAsync(async transaction =>
        {
            var known = id is null ? null : await KnownAsync(transaction, client, id, ifMatch);
            var members = known is null ? [] : await MembersAsync(transaction, known);
            var before = known?.Content() ?? ScimJson.Parse("{}");
            before["members"] = new JsonArray([.. members.Select(one => (JsonNode)new JsonObject { ["value"] = one })]);
            var content = change(before);
            var wanted = MembersOf(content);
            var (gone, added) = (members.Except(wanted).ToList(), wanted.Except(members).ToList());
            var kept = ScimResource.Of(client, type, content).After(known, time.GetUtcNow());
            if (kept.NameKey != known?.NameKey && (await ScimResource.TakenAsync(transaction, client.Name, type, [kept.NameKey])).Count > 0) throw ScimFault.NotUnique("There is a Group of this name already.");
            // Whoever is in a group that has another name now is told as well.
            var renamed = known is not null && known.NameKey != kept.NameKey;
            var touched = await LockAsync(transaction, client, renamed ? wanted.Union(members) : added.Concat(gone));
            await ScimResource.KeepAsync(transaction, [kept]);
            await transaction.ExecuteRowsAsync($"DELETE FROM scim_members WHERE (client, group_id, user_id) IN (SELECT c0, c1, c2 FROM {transaction.Rows(3)})", gone.Select(user => MemberOf(kept, user)));
            await transaction.ExecuteRowsAsync($"INSERT INTO scim_members (client, group_id, user_id) SELECT c0, c1, c2 FROM {transaction.Rows(3)}", added.Select(user => MemberOf(kept, user)));
            await ScimPerson.TellAsync(transaction, client.Name, touched);
            await SignalSources.HeardAsync(transaction, SourceOf(client), $"Group {(known is null ? "made" : "changed")}", 1, 0, time.GetUtcNow());
            return (kept, (IReadOnlyList<string>)wanted);
        }, CancellationToken.None)).Value;
    }

    /// <summary>A user that is deleted is somebody who is no longer there: inactive, until they are made again.</summary>
    public Task DeleteAsync(ScimOptions client, string type, string id, string? ifMatch) => type == ScimResource.User ? users.ChangeAsync(new(client, id, ifMatch, null)) : database.WriteAsync(async transaction =>
    {
        var known = await KnownAsync(transaction, client, id, ifMatch);
        var touched = await LockAsync(transaction, client, await MembersAsync(transaction, known));
        await transaction.ExecuteAsync("DELETE FROM scim_resources WHERE client = @Client AND type = @Type AND id = @Id", known);
        await transaction.ExecuteAsync("DELETE FROM scim_members WHERE client = @Client AND group_id = @Id", known);
        await ScimPerson.TellAsync(transaction, client.Name, touched);
        await SignalSources.HeardAsync(transaction, SourceOf(client), "Group deleted", 1, 0, time.GetUtcNow());
    }, CancellationToken.None);

    private static object?[] MemberOf(ScimResource group, string user) => [group.Client, group.Id, user];

    private static async Task<ScimResource> KnownAsync(Transaction transaction, ScimOptions client, string id, string? ifMatch) =>
        ScimResource.Check(await ScimResource.FindAsync(transaction, client.Name, ScimResource.Group, id, transaction.ForUpdate), ScimResource.Group, id, ifMatch);

    private static List<string> MembersOf(JsonObject group)
    {
        if (group["members"] is not { } members) return [];
        if (members is not JsonArray list) throw ScimFault.InvalidValue("«members» is a list.");
        return [.. list.Select(one => (one as JsonObject)?.Text("value") ?? throw ScimFault.InvalidValue("Each member has a «value».")).Distinct()];
    }

    private static async Task<IReadOnlyList<string>> MembersAsync(StoreConnection connection, ScimResource resource) => resource.Type != ScimResource.Group
        ? []
        : await connection.QueryAsync<string>("SELECT user_id FROM scim_members WHERE client = @Client AND group_id = @Id ORDER BY user_id", resource);

    /// <summary>
    /// Users whom a change of a group befalls, before their membership changes. Unlocked, what was read here could bring somebody back whom a
    /// change of the user lets go meanwhile; and that one reads who is in what group once it has them.
    /// </summary>
    private static Task<IReadOnlyList<ScimResource>> LockAsync(Transaction transaction, ScimOptions client, IEnumerable<string> users) =>
        ScimResource.FindAllAsync(transaction, client.Name, ScimResource.User, [.. users], transaction.ForUpdate);
}
