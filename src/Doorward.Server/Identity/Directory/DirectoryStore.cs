using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Directory;

/// <summary>
/// What the sources beside the sign-in tell of people. Of several, the earliest end date counts; inactive in one is inactive; groups
/// are those of all. Whoever becomes inactive loses every session; what takes access away completes even if its caller has gone.
/// </summary>
internal sealed class DirectoryStore(Database database)
{
    /// <summary>Keeps what a source says now; told to the nodes only where something changed.</summary>
    /// <param name="transaction">Of whoever hears the source.</param>
    /// <param name="told">What it says now.</param>
    /// <param name="cause">For the records of what ends by it; the source where null.</param>
    /// <returns>Whether it did.</returns>
    public static async Task<bool> KeepAsync(Transaction transaction, DirectoryRow told, string? cause = null) => await KeepAsync(transaction, [told], cause) > 0;

    /// <summary>The same of many: all of them are read, written and told together, in the order in which everybody locks them.</summary>
    /// <returns>Of how many something changed.</returns>
    public static async Task<int> KeepAsync(Transaction transaction, IReadOnlyList<DirectoryRow> told, string? cause = null)
    {
        var known = await DirectoryRow.OfAllAsync(transaction, [.. told.Select(row => row.Person).Distinct()]);
        var now = known.ToDictionary(row => (row.Source, row.Person));
        var (changed, gone) = (new Dictionary<(string, string), DirectoryRow>(), new HashSet<string>());
        foreach (var row in told)
        {
            var key = (row.Source, row.Person);
            if (now.TryGetValue(key, out var former) && former with { At = row.At } == row) continue;
            now[key] = changed[key] = row;
            if (row.Active == 0) gone.Add(row.Person);
        }
        await DirectoryRow.KeepAsync(transaction, [.. changed.Values]);
        foreach (var source in changed.Values.GroupBy(row => row.Source))
            await SessionStore.EndAllAsync(transaction, [.. source.Select(row => row.Person).Where(gone.Contains)], cause ?? source.Key);
        await ChangedAsync(transaction, [.. changed.Values.Select(row => (row.Person, cause ?? row.Source))]);
        return changed.Count;
    }

    /// <summary>A source no longer knows a person: what it said is forgotten.</summary>
    public static async Task ForgetAsync(Transaction transaction, string source, string person)
    {
        if (await transaction.ExecuteAsync("DELETE FROM directory WHERE source = @source AND person = @person", new { source, person }) == 1)
            await ChangedAsync(transaction, [(person, source)]);
    }

    /// <summary>An administrator sets the instant from which a person is denied everywhere; null takes back what administrators set.</summary>
    /// <returns>False where there was nothing to take back.</returns>
    public async Task<bool> SetEndAsync(string person, DateTimeOffset? end) =>
        (await database.WriteAsync(async transaction =>
        {
            var known = await DirectoryRow.FindAsync(transaction, DirectoryRow.Admin, person);
            if (end is null && known?.EndDate is null) return false;
            await KeepAsync(transaction, (known ?? new() { Source = DirectoryRow.Admin, Person = person }) with { EndDate = end?.ToUnixTimeMilliseconds() });
            return true;
        }, CancellationToken.None)).Value;

    /// <summary>A person as the sign-in and all sources together tell it.</summary>
    /// <returns>Null where nobody has told of such a person.</returns>
    public Task<KnownPerson?> FindAsync(string person, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        var row = await PersonRow.FindAsync(connection, person);
        var told = await DirectoryRow.OfAsync(connection, person);
        return row is null && told.Count == 0 ? null : new KnownPerson(person, row, told);
    }, cancellation);

    /// <summary>People by the beginning of their id, name or e-mail; everybody without a text.</summary>
    public Task<IReadOnlyList<KnownPerson>> ListAsync(string? text, int most, CancellationToken cancellation) => database.ReadAsync(async connection =>
    {
        var pattern = (text ?? "").Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal).ToLowerInvariant() + "%";
        var ids = await connection.QueryAsync<string>(
            """
            SELECT id FROM (
                SELECT id, name, email FROM persons
                UNION SELECT person, name, email FROM directory) AS known
            WHERE lower(id) LIKE @pattern ESCAPE '!' OR lower(name) LIKE @pattern ESCAPE '!' OR lower(email) LIKE @pattern ESCAPE '!'
            GROUP BY id ORDER BY id LIMIT @most
            """,
            new { pattern, most });
        var people = new List<KnownPerson>(ids.Count);
        foreach (var id in ids) people.Add(new(id, await PersonRow.FindAsync(connection, id), await DirectoryRow.OfAsync(connection, id)));
        return (IReadOnlyList<KnownPerson>)people;
    }, cancellation);

    // The version is part of the key of remembered assertions.
    private static async Task ChangedAsync(Transaction transaction, IReadOnlyList<(string Person, string Cause)> changed)
    {
        foreach (var chunk in changed.Select(one => one.Person).Distinct().Order(StringComparer.Ordinal).Chunk(Listed.Most))
        {
            var (listed, arguments) = Listed.Of(chunk);
            await transaction.ExecuteAsync($"UPDATE persons SET version = version + 1 WHERE id IN (SELECT id FROM persons WHERE id IN {listed} ORDER BY id{transaction.ForUpdate})", arguments);
        }
        foreach (var (person, cause) in changed) transaction.Changed(PersonRow.Kind, person, cause);
    }
}

/// <summary>Somebody of whom the sign-in, a source or both have told.</summary>
/// <param name="Row">What the provider said when they last signed in; null for somebody who never has.</param>
internal sealed record KnownPerson(string Id, PersonRow? Row, IReadOnlyList<DirectoryRow> Told)
{
    public string? Name => Row?.Name ?? Told.Select(row => row.Name).FirstOrDefault(name => name is not null);

    public string? Email => Row?.Email ?? Told.Select(row => row.Email).FirstOrDefault(email => email is not null);

    /// <summary>The facts that count.</summary>
    public Policy.PersonFacts Facts => Own.ToPerson(Told).Facts;

    private PersonRow Own => Row ?? new PersonRow { Id = Id };

    /// <summary>The sources, besides the provider, of what a criterion looks at.</summary>
    public IReadOnlyList<DirectoryRow> TellersOf(string criterion) => criterion.Split('/') switch
    {
        ["groups"] => [.. PersonRow.TellersOfGroups(Told)],
        ["person", var attribute] when Own.TellerOf(attribute, Told) is { } teller => [teller],
        _ => [],
    };
}
