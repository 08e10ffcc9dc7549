using System.Net;
using Doorward.Policy;
using Doorward.Server.Audit;

namespace Doorward.AuditBench;

/// <summary>What a typical request leaves behind: one of a thousand people, in two groups, a claim, an address, a browser; one of fifty routes.</summary>
internal static class Sample
{
    private static readonly string[] _routes = [.. Enumerable.Range(0, 50).Select(i => $"app-{i}")];

    private static readonly IPAddress _address = IPAddress.Parse("10.1.2.3");

    private static readonly Facts[] _facts = [.. Enumerable.Range(0, 1000).Select(i => new Facts
    {
        Now = DateTimeOffset.UtcNow,
        Route = RouteOf(i),
        Session = new() { Id = $"session-{i:D6}-abcdefgh", AuthTime = DateTimeOffset.UtcNow, Provider = "corp", Claims = new Dictionary<string, FactValue> { ["hd"] = new("example.com") } },
        Person = new() { Id = $"corp/person-{i:D6}", Email = $"person{i}@example.com", EmailVerified = true, Groups = [new("g1", "sre"), new("g2", "staff")] },
    })];

    public static string PersonOf(int i) => _facts[i % _facts.Length].Person!.Id;

    public static string RouteOf(int i) => _routes[i % _routes.Length];

    public static DecisionRecord Decision(int i, string requestId) => new()
    {
        RequestId = requestId,
        At = DateTimeOffset.UtcNow,
        Route = RouteOf(i),
        Method = "GET",
        Host = "app.example.com",
        Path = "/api/v1/things/4711",
        Address = _address,
        Facts = _facts[i % _facts.Length],
        Decision = new() { Outcome = Outcome.Allow },
        Policy = EffectivePolicy.DenyAll,
        Configuration = 17,
        Upstream = "http://10.0.0.7:8080",
        UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    };

    public static EndRecord End(string requestId) => new()
    {
        RequestId = requestId,
        At = DateTimeOffset.UtcNow,
        Status = 200,
        BytesReceived = 0,
        BytesSent = 1024,
        Duration = TimeSpan.FromMilliseconds(1.7),
        EndedBy = EndedBy.Upstream,
    };
}
