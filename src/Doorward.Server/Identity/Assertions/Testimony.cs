using Doorward.Policy;
using Doorward.Server.Routes;

namespace Doorward.Server.Identity.Assertions;

/// <summary>
/// What one route's upstream is told about one person, by the names that operators use. An e-mail that nobody vouches for is not told:
/// upstreams take it for who somebody is.
/// </summary>
internal sealed class Testimony(Session session, Person person, Route route)
{
    // Above this a header or token grows beyond what servers take.
    private const int MostGroups = 500;

    public Session Session => session;

    public Person Person => person;

    public Route Route => route;

    public string? Email => person.Facts.EmailVerified ? person.Facts.Email : null;

    /// <summary>The groups that matter to this route; never a person's thousands.</summary>
    public IReadOnlyList<GroupFact> Groups { get; } = [.. (person.Facts.Groups ?? []).Where(group => Matters(route, group)).Take(MostGroups)];

    /// <summary>All groups as the original product sends them, and whether some had to be left out.</summary>
    public (IReadOnlyList<GroupFact> Groups, bool Cut) AllGroups =>
        ([.. (person.Facts.Groups ?? []).Take(MostGroups)], person.Facts.Groups?.Count > MostGroups);

    /// <summary>Null where it is not known.</summary>
    public FactValue? Find(string name) => name switch
    {
        "email" => Told(Email),
        "name" => Told(person.Name),
        "user" => Told(person.Id),
        "sub" => Told(person.Subject),
        "groups" => new FactValue(Groups.Select(group => group.Name ?? group.Id).ToArray()),
        _ => session.Facts.Claims.TryGetValue(name, out var claim) || person.Facts.Attributes.TryGetValue(name, out claim) ? claim : null,
    };

    /// <summary>Ids and names, as one list.</summary>
    public static IEnumerable<string> Names(IEnumerable<GroupFact> groups) =>
        groups.SelectMany(group => group.Name is { } name && name != group.Id ? new[] { group.Id, name } : [group.Id]);

    private static FactValue? Told(string? text) => text is null ? null : new FactValue(text);

    private static bool Matters(Route route, GroupFact group) => route.Identity.AssertionGroups is { } named
        ? named.Contains(group.Id) || (group.Name is { } name && named.Contains(name)) || (group.Email is { } email && named.Contains(email))
        : route.Policy.AsksForGroup(group);
}
