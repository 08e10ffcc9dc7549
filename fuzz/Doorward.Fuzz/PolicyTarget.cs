using System.Net;
using System.Text;
using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes;

namespace Doorward.Fuzz;

/// <summary>Policies are written by anybody who may annotate an Ingress: no text may throw, at any step from text to explanation.</summary>
internal static class PolicyTarget
{
    public static void Yaml(byte[] input) => Read(input, []);

    public static void Policy(byte[] input)
    {
        var problems = new List<Problem>();
        if (Read(input, problems) is not { } node || ParsedPolicy.Parse("fuzz", node, TimeZones.Find, problems) is not { } parsed) return;
        var policy = EffectivePolicy.Compile([parsed], [parsed]);
        foreach (var facts in _facts)
        {
            policy.Decide(facts);
            policy.Explain(facts);
        }
    }

    private static Node? Read(byte[] input, List<Problem> problems) => DocumentText.Read(Encoding.UTF8.GetString(input), "fuzz", problems);

    // Nothing known, and nearly everything known.
    private static readonly Facts[] _facts =
    [
        new() { Now = DateTimeOffset.UnixEpoch },
        new()
        {
            Now = new(2026, 3, 29, 1, 30, 0, TimeSpan.Zero),
            Session = new() { Id = "s1", AuthTime = DateTimeOffset.UnixEpoch, Amr = ["otp"], Acr = "2", Provider = "corp" },
            Person = new() { Id = "u1", Email = "ada@example.com", EmailVerified = true, Groups = [new("g1", "sre", "sre@example.com")] },
            Device = new() { Id = "d1", Compliant = true, Types = ["any"] },
            Request = new() { Method = "GET", Host = "app.example.com", Path = "/", Header = static _ => ["a", "b"], Query = static _ => ["a"] },
            SourceIp = IPAddress.Parse("::ffff:10.0.0.1"),
            Certificate = new() { Fingerprint = "00", SanDns = ["app.example.com"], Valid = true },
            Kubernetes = new("get", "", "pods", "exec", "default", "p"),
            Risk = new(RiskLevel.Low, null, RiskLevel.High),
            Mcp = new("tools/call", "x"),
            Ssh = new("ada", "ssh-ed25519 AAAA"),
        },
    ];
}
