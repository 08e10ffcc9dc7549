namespace Doorward.Tests.Commands;

public sealed class PolicyTestTests : IDisposable
{
    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Every_fact_and_every_expectation_of_the_format_is_read()
    {
        // The case of the design, with every key that there is.
        var path = _files.Write("all.yaml", """
            policy: |
              allow: { and: [ { groups: { has: sre } }, { device/compliant: true } ] }
            cases:
              - name: an engineer on a compliant laptop
                facts:
                  route: app
                  session: { id: s1, person: u1, auth_time: 2026-01-01T08:00:00Z, expires: 2026-01-02T08:00:00Z, claims: { hd: [example.com], nested: { a: 1 } }, acr: "", amr: [otp], provider: corp, failed: [device] }
                  person: { id: u1, email: ada@example.com, email_verified: true, groups: [ { id: g1, name: sre, email: sre@example.com } ], attributes: { department: ops, manager: true }, active: true, end_date: 2027-01-01 }
                  device: { id: d1, compliant: true, approved: true, types: [any], attributes: { os: linux } }
                  request: { method: GET, host: app.example.com, path: /, headers: { origin: [https://x] }, query: { a: b } }
                  source_ip: 10.0.0.1
                  client_certificate: { fingerprint: "aa", spki_hash: "bb", san_email: [], san_dns: [a], san_uri: [b], valid: true }
                  kubernetes: { verb: get, group: "", resource: pods, subresource: "", namespace: default, name: "" }
                  risk: { person: low, session: low, device: low }
                  records: { badge: { site: berlin } }
                  mcp: { method: tools/call, tool: x }
                  ssh: { username: ada, publickey: "...", ca: "...", principals: [ada] }
                  locks: [ { person: u2 }, { address: 192.0.2.0/24 }, { route: other }, { session: s2 }, { group: g2 }, { device: d2 } ]
                  now: 2026-01-01T09:00:00Z
                expect: { outcome: allow, allow: true, deny: false, reasons: [device-ok, groups-ok], remedies: [], valid_until: 2026-01-02T08:00:00Z }
            """);
        var run = await CommandRun.Of("policy", "test", path);
        Assert.Equal("1 passed, 0 failed\n", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("outcome: deny", "outcome: expected deny, actual sign-in")]
    [InlineData("allow: true", "allow: expected true, actual unknown")]
    [InlineData("deny: unknown", "deny: expected unknown, actual false")]
    [InlineData("reasons: [user-ok]", "reasons: expected [user-ok], actual [user-unauthenticated]")]
    [InlineData("reasons: { allow: [user-ok], deny: [] }", "reasons of allow: expected [user-ok], actual [user-unauthenticated]")]
    [InlineData("remedies: []", "remedies: expected [], actual [sign-in]")]
    [InlineData("valid_until: 2026-01-01", "valid_until: expected 2026-01-01T00:00:00Z, actual null")]
    public async Task A_failed_case_tells_what_was_expected_and_what_came(string expected, string told)
    {
        var path = _files.Write("one.yaml", $$"""
            policy: { allow: { and: [ { authenticated_user: true } ] } }
            cases:
              - name: a stranger
                expect: { {{expected}} }
              - name: passes
            """);
        var run = await CommandRun.Of("policy", "test", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"{path}:3:5: failed: a stranger: {told}\n1 passed, 1 failed\n", run.Output);
    }

    [Fact]
    public async Task Programs_get_everything_as_json()
    {
        var path = _files.Write("json.yaml", """
            policy:
              allow: { and: [ { email: ada@example.com }, { date: { before: 2026-02-01 } } ] }
              deny: { or: [ { source_ip: 10.0.0.0/8 } ] }
            cases:
              - name: a stranger
                facts: { source_ip: 192.0.2.1 }
                expect: { outcome: allow }
            """);
        var run = await CommandRun.Of("policy", "test", "--json", path);
        Assert.Equal(1, run.ExitCode);
        var one = run.Json.GetProperty("cases")[0];
        Assert.Equal("a stranger", one.GetProperty("name").GetString());
        Assert.Equal("sign-in", one.GetProperty("outcome").GetString());
        Assert.Equal("unknown", one.GetProperty("allow").GetString());
        Assert.False(one.GetProperty("deny").GetBoolean());
        Assert.Equal("user-unauthenticated", one.GetProperty("reasons").GetProperty("allow")[0].GetString());
        Assert.Equal("source-ip-unauthorized", one.GetProperty("reasons").GetProperty("deny")[0].GetString());
        Assert.Equal("sign-in", one.GetProperty("remedies")[0].GetString());
        Assert.Equal("2026-02-01T00:00:00Z", one.GetProperty("valid_until").GetString());
        Assert.False(one.GetProperty("passed").GetBoolean());
        Assert.Equal(0, run.Json.GetProperty("passed").GetInt32());
        Assert.Equal(1, run.Json.GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task Problems_of_policy_and_facts_are_told_with_their_places_and_exit_code_2()
    {
        var path = _files.Write("wrong.yaml", """
            policy: |
              # a comment
              allow:
                and:
                  - grups: { has: sre }
            cases:
              - facts: { persn: { id: u1 }, source_ip: here }
                expect: { outcome: maybe }
            """);
        var run = await CommandRun.Of("policy", "test", path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{path}:5:9: error DW1004", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}:7:14: error DW7101: «persn»", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}:7:44: error DW7102: «source_ip»", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{path}:8:24: error DW7102: «outcome»", run.Output, StringComparison.Ordinal);
        Assert.Equal("0 passed, 0 failed", run.LastLine);
    }

    [Fact]
    public async Task Several_files_are_one_run()
    {
        var good = _files.Write("good.yaml", "policy: { allow: { and: [ { accept: true } ] } }\ncases: [ { expect: { outcome: allow } } ]");
        var bad = _files.Write("bad.yaml", "policy: { allow: { and: [ { reject: true } ] } }\ncases: [ { expect: { outcome: allow } } ]");
        var run = await CommandRun.Of("policy", "test", good, bad);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("1 passed, 1 failed", run.LastLine);
    }

    [Fact]
    public async Task Facts_that_cases_share_are_replaced_part_by_part_and_their_problems_told_once()
    {
        var path = _files.Write("shared.yaml", """
            policy: { allow: { and: [ { user: u1 }, { http_path: /a } ] } }
            facts: { session: { person: u1 }, request: { path: /a } }
            cases:
              - expect: { outcome: allow }
              - facts: { request: { path: /b } }
                expect: { outcome: deny }
              - facts: { session: null }
                expect: { outcome: sign-in }
            """);
        Assert.Equal("3 passed, 0 failed\n", (await CommandRun.Of("policy", "test", path)).Output);

        var wrong = _files.Write("wrong.yaml", "policy: { allow: { and: [ { user: u1 } ] } }\nfacts: { now: soon }\ncases: [ {}, {}, {} ]");
        Assert.Equal(2, (await CommandRun.Of("policy", "test", wrong)).Output.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_guardrail_with_an_allow_rule_is_a_problem()
    {
        var path = _files.Write("guardrail.yaml", "policy: { allow: { and: [ { accept: true } ] } }\nguardrails: { above: { allow: { and: [ { accept: true } ] } } }");
        var run = await CommandRun.Of("policy", "test", path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("DW1019", run.Output, StringComparison.Ordinal);
    }
}
