using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

public class AllocationTests
{
    private const string Typical =
        "{'allow': {'and': [{'groups': {'has': 'group-19'}}, {'device/compliant': true}, {'email': {'ends_with': '@Example.com'}}]}, 'deny': {'or': [{'source_ip': ['192.0.2.0/24', '2001:db8::/32']}]}}";

    private const string Everything =
        """
        {'allow': {'and': [
          {'user': {'not_in': ['a', 'b', 'c', 'd', 'e', 'f']}}, {'domain': {'is': 'EXAMPLE.com'}}, {'email': {'contains': 'DA'}}, {'claim/roles': {'has_all': ['a', 'b']}}, {'claim/age': {'over': 3}},
          {'claim/level': '3'}, {'claim/until': {'after': '2026-01-01'}}, {'person/department': 'ops'}, {'risk': {'under': 'high'}}, {'http_path': {'matches': '/[a-z]*'}}, {'http_host': 'app.example.com'},
          {'session_age': {'under': '2h'}}, {'authentication': {'acr': 'urn:mfa', 'amr': {'has': 'otp'}}}, {'device': {'type': 'any', 'approved': true}}, {'groups': {'has': {'starts_with': 'group'}, 'exclude': 'x'}},
          {'time_of_day': {'timezone': 'Europe/Berlin', 'after': '09:00', 'before': '17:00'}}, {'day_of_week': {'timezone': 'Europe/Berlin', 'days': 'mon-fri'}}, {'date': {'after': '2026-01-01'}}
        ], 'or': [{'ssh_publickey': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFlPQkxYbmluZ0tleUZvclRlc3RzT25seU9rYXk='}, {'mcp_tool': 'x'}, {'kubernetes/exec_class': true}, {'cors_preflight': true}]}}
        """;

    [Theory]
    [InlineData(Typical, Outcome.Allow)]
    [InlineData(Everything, Outcome.Allow)]
    public void Deciding_allocates_nothing(string text, Outcome outcome)
    {
        var policy = Policies.Of(text);
        var facts = Facts();
        Assert.Equal(outcome, policy.Decide(facts).Outcome);
        // The runtime's first, unoptimised code of its own vector operations allocates: decide until the optimised code is there.
        var deadline = Environment.TickCount64 + 90_000;
        while (AllocatedByHundred(policy, facts) != 0 && Environment.TickCount64 < deadline) Thread.Yield();
        Assert.Equal(0, AllocatedByHundred(policy, facts));
    }

    private static long AllocatedByHundred(EffectivePolicy policy, Facts facts)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) policy.Decide(facts);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Facts Facts() => new()
    {
        Now = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
        Session = new SessionFacts
        {
            Id = "s1",
            AuthTime = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero),
            Acr = "urn:mfa",
            Amr = ["otp"],
            Expires = new DateTimeOffset(2026, 1, 5, 20, 0, 0, TimeSpan.Zero),
            Claims = new Dictionary<string, FactValue> { ["roles"] = new(new[] { "a", "b" }), ["age"] = new(4.5), ["level"] = new(3.0), ["until"] = new("2026-06-01") },
        },
        Person = new PersonFacts
        {
            Id = "u1",
            Email = "aDA@EXAMPLE.com",
            EmailVerified = true,
            Groups = [.. Enumerable.Range(0, 20).Select(i => new GroupFact($"id-{i}", $"group-{i}"))],
            Attributes = new Dictionary<string, FactValue> { ["department"] = new("ops") },
            EndDate = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
        },
        Device = Some.Device(),
        Risk = new RiskFacts(RiskLevel.Low, null, null),
        Request = Some.Request(),
        SourceIp = System.Net.IPAddress.Parse("::ffff:10.0.0.1"),
        Ssh = new SshFacts("ada", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFub3RoZXJLZXlGb3JUZXN0c09ubHlPa2F5ISE="),
        Mcp = new McpFacts("tools/call", "y"),
        Kubernetes = new KubernetesFacts("get", "", "pods", "", "default", ""),
        Locks = new LockSet([new Lock(LockKind.Person, "u2"), new Lock(LockKind.Address, "192.0.2.0/24")]),
    };
}
