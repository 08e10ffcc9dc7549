namespace Doorward.Tests.Commands;

public sealed class PolicyExplainTests : IDisposable
{
    private const string Configuration = """
        url: https://door.example.com
        listeners: { insecure_http: "127.0.0.1:8000" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { groups: { has: admins } } ] } }
        guardrails:
          - name: not-from-there
            hosts: ["*"]
            policy: { deny: { or: [ { source_ip: 198.51.100.0/24 } ] } }
        policies:
          engineers: { allow: { and: [ { groups: { has: engineers } } ] } }
        routes:
          - name: shop
            from: https://shop.example.com
            to: http://127.0.0.1:8080
            policy: engineers
        identity_providers: [ { name: corp, issuer: "https://idp.example.com", client_id: doorward } ]
        """;

    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_case_is_explained_criterion_by_criterion()
    {
        var path = _files.Write("case.yaml", "policy: { allow: { and: [ { groups: { has: sre } } ] } }\ncases: [ { name: other, facts: { session: { person: u1 }, person: { groups: [ops] } } }, { name: second } ]");
        var run = await CommandRun.Of("policy", "explain", path, "--case", "other");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("other:\nRefused (groups-unauthorized).", run.Output, StringComparison.Ordinal);
        Assert.Contains("Your groups are «ops».", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("second", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_may_stand_in_a_file_of_their_own()
    {
        var policy = _files.Write("policy.yaml", "allow: { and: [ { http_path: /a } ] }");
        var facts = _files.Write("facts.yaml", "request: { path: /a }");
        var run = await CommandRun.Of("policy", "explain", policy, "--facts", facts, "--json");
        var explanation = run.Json.GetProperty("explanations")[0].GetProperty("explanation");
        Assert.Equal("allow", explanation.GetProperty("outcome").GetString());
        Assert.Equal("http_path", explanation.GetProperty("rules")[0].GetProperty("operations")[0].GetProperty("criteria")[0].GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_route_of_a_configuration_is_explained_with_its_guardrails()
    {
        var config = _files.Write("doorward.yaml", Configuration);
        var facts = _files.Write("facts.yaml", "session: { person: u1 }\nperson: { groups: [engineers] }\nsource_ip: 198.51.100.7");
        var run = await CommandRun.Of("policy", "explain", "--config", config, "--route", "shop", "--facts", facts);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("shop:\nRefused (source-ip-ok).", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_effective_policy_of_a_route_shows_the_origin_of_each_rule()
    {
        var config = _files.Write("doorward.yaml", Configuration);
        var run = await CommandRun.Of("policy", "show", "--config", config, "--route", "shop");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"engineers at {config}:11:16: {{\"allow\":{{\"and\":[{{\"groups\":{{\"has\":{{\"is\":\"engineers\"}}}}}}]}}}}", run.Output, StringComparison.Ordinal);
        Assert.Contains($"not-from-there at {config}:9:15: {{\"deny\":", run.Output, StringComparison.Ordinal);
        Assert.Contains("reads: session, groups, address, lock", run.Output, StringComparison.Ordinal);

        var json = (await CommandRun.Of("policy", "show", "--config", config, "--route", "shop", "--json")).Json.GetProperty("route");
        Assert.True(json.GetProperty("guarded").GetBoolean());
        Assert.Equal("engineers", json.GetProperty("rules")[0].GetProperty("origin").GetString());
    }

    [Theory]
    [InlineData("policy", "explain")]
    [InlineData("policy", "explain", "{config}", "--case", "nobody")]
    [InlineData("policy", "explain", "--config", "{config}")]
    [InlineData("policy", "explain", "--config", "{config}", "--route", "nowhere")]
    [InlineData("policy", "show", "--config", "{config}", "--route", "nowhere")]
    [InlineData("policy", "show", "--config", "missing.yaml", "--route", "shop")]
    public async Task What_is_not_there_is_a_problem(params string[] args)
    {
        var config = _files.Write("doorward.yaml", Configuration);
        var run = await CommandRun.Of([.. args.Select(arg => arg.Replace("{config}", config, StringComparison.Ordinal))]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error DW", run.Output, StringComparison.Ordinal);
    }
}
