using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Console;
using Doorward.Server.Console.Pages;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Doorward.EndToEnd.Tests.Pages;

/// <summary>Every page, with what it shows on an ordinary day and on a bad one.</summary>
internal static class Gallery
{
    private const string RequestId = "01K4Z8M7Q2V5";
    private static readonly PostForm Form = new("/act", [new("token", "t0k3n")]);
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    private static readonly Navigation Navigation = new("Ada Lind", "/apps", "/sessions", "/sign-out");

    public static IReadOnlyDictionary<string, Func<PageWriter, HttpContext, Task>> Pages { get; } = new Dictionary<string, Func<PageWriter, HttpContext, Task>>
    {
        ["denied"] = (w, http) => w.RefusalAsync(http, Refused(RefusalKind.Denied) with { SignInUrl = "/sign-in", Explanation = Explain(
            """
            allow:
              and:
                - domain: { is: example.com }
                - groups: { has: finance }
                - device/compliant: true
            """) }),
        ["denied-by-many-rules"] = (w, http) => w.RefusalAsync(http, Refused(RefusalKind.Denied) with { Explanation = Explain(
            """
            - allow:
                or:
                  - groups: { has: finance }
                  - email: { is: ben@example.com }
            - deny:
                or:
                  - groups: { has: contractors }
                  - source_ip: 10.0.0.0/8
            """) }),
        ["ended"] = (w, http) => w.RefusalAsync(http, Refused(Known(active: false))),
        ["ended-unexplained"] = (w, http) => w.RefusalAsync(http, Refused(Known(active: false)) with { Explanation = null }),
        ["locked"] = (w, http) => w.RefusalAsync(http, Refused(Known(locks: new LockSet([new(LockKind.Person, "u1")])))),
        ["stranger-denied"] = (w, http) => w.RefusalAsync(http, new(RefusalKind.Denied, RequestId)),
        ["sign-in-again-form"] = (w, http) => w.RefusalAsync(http, Refused(RefusalKind.StepUp) with { SignInUrl = "/sign-in", LosesBody = true }),
        ["device"] = (w, http) => w.RefusalAsync(http, Refused(RefusalKind.Device)),
        ["certificate"] = (w, http) => w.RefusalAsync(http, Refused(RefusalKind.Certificate)),
        ["no-route"] = (w, http) => w.RefusalAsync(http, new(RefusalKind.NoRoute, RequestId)),
        ["stale"] = (w, http) => w.RefusalAsync(http, Refused(RefusalKind.Stale)),
        ["unavailable"] = (w, http) => w.RefusalAsync(http, new(RefusalKind.Unavailable, RequestId)),
        ["error-400"] = (w, http) => w.ErrorAsync(http, 400, RequestId),
        ["error-500"] = (w, http) => w.ErrorAsync(http, 500, RequestId),
        ["error-502"] = (w, http) => w.ErrorAsync(http, 502, RequestId),
        ["sign-in"] = (w, http) => w.SignInAsync(http, new()
        {
            Destination = "Payroll",
            Providers = [new("Continue with Okta", "/go/okta"), new("Continue with Google", "/go/google"), new("Continue with GitHub", "/go/github")],
        }),
        ["sign-in-email"] = (w, http) => w.SignInAsync(http, new()
        {
            Destination = "app.door.localhost",
            Email = new("/sign-in", [new("state", "s1")], "No provider is known for that address. Check it, or choose one below."),
            Providers = [new("Continue with Okta", "/go/okta")],
        }),
        ["sign-out"] = (w, http) => w.SignOutAsync(http, new("Ada Lind", Form, "/apps")),
        ["signed-out"] = (w, http) => w.SignedOutAsync(http, new("/sign-in", ProviderKnows: true)),
        ["portal"] = (w, http) => w.PortalAsync(http, Portal()),
        ["portal-empty"] = (w, http) => w.PortalAsync(http, new() { Navigation = Navigation, Open = [], Closed = [] }),
        ["sessions"] = (w, http) => w.SessionsAsync(http, Sessions()),
    };

    private static Explanation Explain(string policy, Facts? facts = null)
    {
        List<Problem> problems = [];
        var parsed = ParsedPolicy.Parse("a policy", DocumentText.Read(policy, "policy.yaml", problems)!, TimeZones.Find, problems)!;
        Assert.Empty(problems);
        return EffectivePolicy.Compile([parsed], []).Explain(facts ?? Known());
    }

    private static Facts Known(bool active = true, LockSet? locks = null) => new()
    {
        Now = Now,
        SourceIp = System.Net.IPAddress.Parse("10.1.2.3"),
        Session = new() { Id = "s1" },
        Person = new() { Id = "u1", Email = "ada@example.com", EmailVerified = true, Groups = [new("g1", "engineering"), new("g2", "contractors")], Active = active },
        Locks = locks ?? LockSet.None,
    };

    private static Refusal Refused(Facts facts)
    {
        var explanation = Explain("allow: { and: [ { groups: { has: finance } } ] }", facts);
        return Refused(RefusalKind.Denied) with { Decision = explanation.Decision, Explanation = explanation };
    }

    private static Refusal Refused(RefusalKind kind) => new(kind, RequestId) { Person = "Ada Lind", Decision = new Decision() };

    private static PortalModel Portal() => new()
    {
        Navigation = Navigation,
        Open =
        [
            new("Grafana", "https://grafana.example.com/", "Dashboards of every service", "/apps?why=grafana"),
            new("wiki.example.com", "https://wiki.example.com/", null, "/apps?why=wiki"),
            new("Payroll", "https://payroll.example.com/", "Salaries and pay slips", "/apps?why=payroll", [new(null, [new(LineState.Met, "You are in the group «finance»")])]),
            new("Incident desk", "https://a-rather-long-name-for-a-host.internal.apps.example.com/desk/", "Who is on call, and what is on fire", "/apps?why=desk"),
        ],
        Closed =
        [
            new("Vault", "https://vault.example.com/", "Secrets", "/apps?why=vault", [new("All of these are needed", [new(LineState.Missing, "You are in the group «sre»", "Your groups are «finance»."), new(LineState.Unknown, "You signed in with a second factor")])]),
            new("Build farm", "https://build.example.com/", null, "/apps?why=build"),
        ],
    };

    private static SessionsModel Sessions() => new()
    {
        Navigation = Navigation,
        Notice = "That session has ended.",
        Sessions =
        [
            new("Firefox on Linux", "Okta", Now.AddHours(-2), Now, Now.AddHours(10), true, Form),
            new("Safari on iPhone", "Okta", Now.AddDays(-1), Now.AddHours(-9), Now.AddHours(3), false, Form),
        ],
    };
}
