using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Console;

namespace Doorward.Cases;

/// <summary>The session and its person. A session that only names its person has a person of whom nothing else is known.</summary>
internal static class SessionReader
{
    public sealed record SessionOf(SessionFacts Session, string? Person);

    public static SessionOf ReadSession(Fields session)
    {
        var failed = Remedies.None;
        if (session.Take("failed") is { } node)
        {
            foreach (var word in session.Texts(node, "«failed»"))
            {
                if (Words.Remedies.TryGetValue(word, out var remedy)) failed |= remedy;
                else session.Report(node, "failed", $"a list of {string.Join(", ", Words.Remedies.Keys)}");
            }
        }

        return new(new()
        {
            Id = session.Text("id") ?? "session",
            AuthTime = session.Instant("auth_time"),
            Expires = session.Instant("expires"),
            Claims = session.Read("claims", FactValueReader.ReadFields) ?? FactValue.NoFields,
            // An empty text is how a provider's silence is written in one line.
            Acr = session.Text("acr") is { Length: > 0 } acr ? acr : null,
            Amr = session.Texts("amr"),
            Provider = session.Text("provider"),
            Failed = failed,
        }, session.Text("person"));
    }

    public static PersonFacts? PersonOf(SessionOf? session) => session?.Person is { } id ? new() { Id = id } : null;

    public static PersonFacts ReadPerson(Fields person, string? idOfSession)
    {
        var id = person.Text("id") ?? idOfSession ?? "person";
        if (idOfSession is not null && id != idOfSession)
            person.Report(person.Take("id")!, "id", $"the person that the session names, {idOfSession}");
        return new()
        {
            Id = id,
            Email = person.Text("email"),
            EmailVerified = person.Flag("email_verified") ?? false,
            Groups = ReadGroups(person),
            Attributes = person.Read("attributes", FactValueReader.ReadFields) ?? FactValue.NoFields,
            Active = person.Flag("active") ?? true,
            EndDate = person.Instant("end_date"),
        };
    }

    private static List<GroupFact>? ReadGroups(Fields person)
    {
        if (person.Take("groups") is not { } node) return null;
        if (node is not SequenceNode list)
        {
            person.Report(node, "groups", "a list such as [ { id: g1, name: sre } ]");
            return null;
        }

        var groups = new List<GroupFact>();
        foreach (var item in list.Items)
        {
            if (item is ScalarNode { Kind: ScalarKind.Text } id) groups.Add(new(id.Text));
            else if (person.Nested(item, "a group", ReadGroup) is { } group) groups.Add(group);
        }

        return groups;
    }

    private static GroupFact? ReadGroup(Fields group) =>
        new(group.Text("id") ?? group.Text("name") ?? "", group.Text("name"), group.Text("email"));
}
