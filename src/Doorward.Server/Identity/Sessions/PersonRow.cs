using Doorward.Policy;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>A person as the store keeps them.</summary>
internal sealed record PersonRow
{
    /// <summary>The kind under which changes are told; the key is the person's id.</summary>
    public const string Kind = "person";

    private static readonly string Select =
        $"SELECT id, provider, subject, name, email, email_verified AS EmailVerified, groups, attributes, active, end_date AS EndDate, version, {RiskLevels.Column(RiskLevels.Person, "persons.id")} FROM persons";

    public string Id { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Subject { get; init; } = "";
    public string? Name { get; init; }
    public string? Email { get; init; }
    public long EmailVerified { get; init; }
    public string? Groups { get; init; }
    public string Attributes { get; init; } = "{}";
    public long Active { get; init; } = 1;
    public long? EndDate { get; init; }
    public long Version { get; init; }

    /// <summary>As the last transmitters told; kept elsewhere.</summary>
    public long Risk { get; init; } = RiskLevels.None;

    /// <summary>Injective: a provider's name has no slash, so no two (provider, subject) share an id.</summary>
    public static string IdOf(string provider, string subject) => $"{provider}/{subject}";

    public static Task<PersonRow?> FindAsync(StoreConnection connection, string id) =>
        connection.FindAsync<PersonRow>($"{Select} WHERE id = @id", new { id });

    /// <summary>Those of these that there are, each with what other sources tell of them.</summary>
    public static async Task<IReadOnlyList<Person>> FindAllAsync(StoreConnection connection, IReadOnlyList<string> ids)
    {
        var (listed, arguments) = Listed.Of(ids);
        var rows = await connection.QueryAsync<PersonRow>($"{Select} WHERE id IN {listed}", arguments);
        var told = (await DirectoryRow.OfAllAsync(connection, ids)).ToLookup(row => row.Person, StringComparer.Ordinal);
        return [.. rows.Select(row => row.ToPerson([.. told[row.Id]]))];
    }

    /// <summary>Keeps what a provider said. The version, and every node's memory, changes only where a fact did.</summary>
    /// <param name="transaction">In which more is kept.</param>
    /// <param name="said">What it said.</param>
    /// <param name="asked">The person's version when it was asked, where anybody may have told of them since then.</param>
    /// <returns>Null where somebody has told otherwise since then: that stays.</returns>
    public static async Task<PersonRow?> KeepAsync(Transaction transaction, SignedIn said, long? asked = null)
    {
        var id = IdOf(said.Provider, said.Subject);
        var known = await transaction.FindAsync<PersonRow>($"{Select} WHERE id = @id{transaction.ForUpdate}", new { id });
        var told = new PersonRow
        {
            Id = id,
            Provider = said.Provider,
            Subject = said.Subject,
            Name = said.Name ?? known?.Name, // Apple says it once
            Email = said.Email,
            EmailVerified = said.EmailVerified ? 1 : 0,
            Groups = FactJson.Write(said.Groups),
            Attributes = known?.Attributes ?? "{}",
            Active = known?.Active ?? 1,
            EndDate = known?.EndDate,
            Version = known?.Version ?? 0,
            Risk = known?.Risk ?? RiskLevels.None,
        };
        if (told == known) return known;
        if (asked is not null && known?.Version != asked) return null;
        told = told with { Version = told.Version + 1 };
        await transaction.ExecuteAsync(
            """
            INSERT INTO persons (id, provider, subject, name, email, email_verified, groups, attributes, active, end_date, version)
            VALUES (@Id, @Provider, @Subject, @Name, @Email, @EmailVerified, @Groups, @Attributes, @Active, @EndDate, @Version)
            ON CONFLICT (id) DO UPDATE SET name = @Name, email = @Email, email_verified = @EmailVerified, groups = @Groups, version = @Version
            """,
            told);
        transaction.Changed(Kind, id);
        return told;
    }

    /// <summary>Somebody else than the provider has told something new of a person.</summary>
    public static async Task ChangeAsync(Transaction transaction, string id, Func<PersonRow, PersonRow> change, string cause)
    {
        if (await transaction.FindAsync<PersonRow>($"{Select} WHERE id = @id{transaction.ForUpdate}", new { id }) is not { } known || change(known) is var told && told == known) return;
        await transaction.ExecuteAsync("UPDATE persons SET email = @Email, email_verified = @EmailVerified, groups = @Groups, version = version + 1 WHERE id = @Id", told);
        transaction.Changed(Kind, id, cause);
    }

    /// <summary>The person, with what other sources tell of them.</summary>
    public Person ToPerson(IReadOnlyList<DirectoryRow> told) => new()
    {
        Id = Id,
        Provider = Provider,
        Subject = Subject,
        Name = Name,
        Version = Version,
        Risk = RiskLevels.Read(Risk),
        Facts = new PersonFacts
        {
            Id = Id,
            Email = Email,
            EmailVerified = EmailVerified == 1,
            Groups = GroupsWith(told),
            Attributes = AttributesWith(told),
            Active = Active == 1 && told.All(row => row.Active == 1),
            EndDate = told.Select(row => row.EndDate).Append(EndDate).Min() is { } end ? DateTimeOffset.FromUnixTimeMilliseconds(end) : null,
        },
    };

    /// <summary>Those whose groups are among the person's.</summary>
    public static IEnumerable<DirectoryRow> TellersOfGroups(IReadOnlyList<DirectoryRow> told) => told.Where(row => row.Groups is not null);

    /// <summary>Whose word on an attribute counts, besides the provider's; null where that is the provider's, or there is none.</summary>
    public DirectoryRow? TellerOf(string attribute, IReadOnlyList<DirectoryRow> told) =>
        FactJson.ReadFields(Attributes).ContainsKey(attribute) ? null : told.FirstOrDefault(row => FactJson.ReadFields(row.Attributes).ContainsKey(attribute));

    private IReadOnlyList<GroupFact>? GroupsWith(IReadOnlyList<DirectoryRow> told)
    {
        var own = FactJson.ReadGroups(Groups);
        if (!TellersOfGroups(told).Any()) return own;
        return [.. TellersOfGroups(told).SelectMany(row => FactJson.ReadGroups(row.Groups) ?? []).Concat(own ?? []).Distinct()];
    }

    // The provider's word counts first; of several sources that tell the same attribute, that of the first by name.
    private IReadOnlyDictionary<string, FactValue> AttributesWith(IReadOnlyList<DirectoryRow> told)
    {
        var own = FactJson.ReadFields(Attributes);
        if (told.All(row => row.Attributes == "{}")) return own;
        var all = new Dictionary<string, FactValue>(own);
        foreach (var (name, value) in told.SelectMany(row => FactJson.ReadFields(row.Attributes))) all.TryAdd(name, value);
        return all;
    }
}
