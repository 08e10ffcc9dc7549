using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Directory;

/// <summary>Somebody, and the session that they used last, where one is open.</summary>
internal sealed record PersonFound(KnownPerson Person, Session? Session)
{
    public static string Several(string who, IEnumerable<PersonFound> found) =>
        $"Several people have the e-mail address «{who}»: {string.Join(", ", found.Select(one => one.Person.Id))}. Name one of them by their id.";
}

/// <summary>Finds people as administrators name them, with what decides of them now. Reads the store: not for the path of a request.</summary>
internal sealed class PersonSearch(Database database, TimeProvider time)
{
    /// <summary>More need not be told: none of them is meant for sure.</summary>
    private const int Most = 10;

    /// <summary>Those with this id, or else with this e-mail address.</summary>
    public Task<IReadOnlyList<PersonFound>> FindAsync(string who, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<PersonFound>>(
        async connection =>
        {
            var ids = await IdsAsync(connection, "id = @who", "person = @who", who);
            if (ids.Count == 0) ids = await IdsAsync(connection, "lower(email) = lower(@who)", "lower(email) = lower(@who)", who);
            var found = new List<PersonFound>();
            foreach (var id in ids)
                found.Add(new(new KnownPerson(id, await PersonRow.FindAsync(connection, id), await DirectoryRow.OfAsync(connection, id)), await SessionAsync(connection, id)));
            return found;
        },
        cancellation);

    private static Task<IReadOnlyList<string>> IdsAsync(StoreConnection connection, string ofPersons, string ofDirectory, string who) => connection.QueryAsync<string>(
        $"SELECT id FROM (SELECT id FROM persons WHERE {ofPersons} UNION SELECT person AS id FROM directory WHERE {ofDirectory}) AS known ORDER BY id LIMIT {Most}", new { who });

    private async Task<Session?> SessionAsync(StoreConnection connection, string person)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var id = await connection.FindAsync<string>(
            "SELECT id FROM sessions WHERE person = @person AND expires > @now AND epoch = (SELECT epoch FROM feed) ORDER BY last_activity DESC, id LIMIT 1", new { person, now });
        return id is null ? null : (await SessionRow.FindAsync(connection, id))?.ToSession().Session;
    }
}
