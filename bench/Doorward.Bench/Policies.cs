using Doorward.Policy;
using Doorward.Server.Routes;

namespace Doorward.Bench;

/// <summary>The policies and facts that are measured.</summary>
internal static class Policies
{
    /// <summary>Three criteria: what most routes have.</summary>
    public const string Typical = """
        allow:
          and:
            - groups: { has: team-19 }
            - device/compliant: true
            - http_method: { in: [GET, HEAD, POST] }
        """;

    /// <summary>A person in 20 groups, on a device that complies, asking for a page.</summary>
    public static Facts Person { get; } = new()
    {
        Now = new(2026, 1, 12, 9, 0, 0, TimeSpan.Zero),
        Session = new() { Id = "s1", AuthTime = new(2026, 1, 12, 8, 0, 0, TimeSpan.Zero), Expires = new(2026, 1, 12, 18, 0, 0, TimeSpan.Zero) },
        Person = new() { Id = "u1", Email = "ada@example.com", EmailVerified = true, Groups = [.. Enumerable.Range(0, 20).Select(i => new GroupFact($"g{i}", $"team-{i}"))] },
        Device = new() { Id = "d1", Compliant = true, Types = ["any"] },
        Request = new() { Method = "GET", Host = "app.example.com", Path = "/orders" },
    };

    public static ParsedPolicy Parse(string text)
    {
        var problems = new List<Problem>();
        return ParsedPolicy.Parse("bench", DocumentText.Read(text, "bench", problems)!, TimeZones.Find, problems)
            ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    public static EffectivePolicy Compile(string text) => EffectivePolicy.Compile([Parse(text)], []);
}
