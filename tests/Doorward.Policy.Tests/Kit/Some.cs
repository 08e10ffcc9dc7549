using System.Net;

namespace Doorward.Policy.Tests.Kit;

/// <summary>Facts to begin with.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    public static SessionFacts Session() => new() { Id = "s1", AuthTime = Now.AddHours(-1), Provider = "corp", Acr = "urn:mfa", Amr = ["otp", "pwd"] };

    public static PersonFacts Person(string? email = "ada@example.com", bool verified = true, IReadOnlyList<GroupFact>? groups = null) =>
        new() { Id = "u1", Email = email, EmailVerified = verified, Groups = groups ?? [new GroupFact("g1", "sre", "sre@example.com"), new GroupFact("g2", "dev")] };

    public static DeviceFacts Device() => new() { Id = "d1", Compliant = true, Approved = true, Types = ["any"] };

    public static RequestFacts Request(string method = "GET", string path = "/", string host = "app.example.com") => new() { Method = method, Path = path, Host = host };

    public static Facts Stranger() => new() { Now = Now, Request = Request(), SourceIp = IPAddress.Parse("10.0.0.1") };

    public static Facts SignedIn(
        SessionFacts? session = null,
        PersonFacts? person = null,
        DeviceFacts? device = null,
        RiskFacts? risk = null,
        DateTimeOffset? now = null,
        LockSet? locks = null) =>
        new()
        {
            Now = now ?? Now,
            Route = "app",
            Session = session ?? Session(),
            Person = person ?? Person(),
            Device = device,
            Risk = risk,
            Request = Request(),
            SourceIp = IPAddress.Parse("10.0.0.1"),
            Locks = locks ?? LockSet.None,
        };

    public static Facts WithClaims(params (string Name, object Value)[] claims) =>
        SignedIn(new SessionFacts { Id = "s1", Claims = claims.ToDictionary(claim => claim.Name, claim => new FactValue(claim.Value)) });

    public static Facts WithRequest(RequestFacts request) => new() { Now = Now, Request = request };
}
