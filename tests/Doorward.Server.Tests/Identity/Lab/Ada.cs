using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>A person, her session, and a route that she takes.</summary>
internal static class Ada
{
    public static Session Session() => new()
    {
        Id = "s1",
        PersonId = "corp/ada",
        Started = DateTimeOffset.UnixEpoch,
        Expires = DateTimeOffset.UnixEpoch.AddYears(99),
        Version = 1,
        Facts = new SessionFacts
        {
            Id = "s1",
            Provider = "corp",
            Claims = new Dictionary<string, FactValue>
            {
                ["department"] = new("ops"), ["realm_access/roles"] = new((string[])["a", "b"]), ["iss"] = new("https://idp.example.com"), ["exp"] = new(1.0),
            },
        },
    };

    public static Person Person(bool verified = true, IReadOnlyList<GroupFact>? groups = null) => new()
    {
        Id = "corp/ada",
        Provider = "corp",
        Subject = "ada",
        Name = "Ada Lovelace",
        Version = 1,
        Facts = new PersonFacts
        {
            Id = "corp/ada",
            Email = "ada@example.com",
            EmailVerified = verified,
            Groups = groups ?? [new("g1", "sre"), new("g2", "docs")],
        },
    };

    public static Route Route(string policy = "allow: { and: [ { authenticated_user: true } ] }")
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.Parse("p", DocumentText.Read(policy, "test", problems)!, TimeZones.Find, problems);
        Assert.Empty(problems);
        return new()
        {
            Name = "app",
            Place = default,
            Match = new(HostPattern.Parse("app.example.com")!.Value),
            Action = new ResponseAction(200, ""),
            Policy = EffectivePolicy.Compile([parsed!], []),
            Guarded = true,
            Version = 1,
        };
    }
}
