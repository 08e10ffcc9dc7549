using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Parsing;

public class ProblemsTests
{
    [Theory]
    [InlineData("'x'", "DW1001")]
    [InlineData("null", "DW1001")]
    [InlineData("[['allow']]", "DW1001")]
    [InlineData("{'alow': {'and': [{'accept': true}]}}", "DW1002")]
    [InlineData("{'allow': {'all': []}}", "DW1003")]
    [InlineData("{'allow': null}", "DW1006")]
    [InlineData("{'allow': {'and': {'accept': true}}}", "DW1006")]
    [InlineData("{'allow': {'and': null}}", "DW1006")]
    public void A_frame_that_is_wrong_is_told(string policy, string id) => Assert.Contains(id, Ids(policy, out var parsed).Where(_ => !parsed));

    [Theory]
    [InlineData("{'emial': 'x'}", "DW1004", "«email»")]
    [InlineData("{'or': []}", "DW1004", "another rule")]
    [InlineData("{'zzzzzz': 1}", "DW1004", "accept")]
    [InlineData("'accept'", "DW1005", "accept: true")]
    [InlineData("{'accept': true, 'reject': true}", "DW1005", "«-»")]
    [InlineData("{}", "DW1005", "«-»")]
    [InlineData("3", "DW1006", "mapping")]
    [InlineData("null", "DW1006", "mapping")]
    [InlineData("{'email': true}", "DW1006", "\"true\"")]
    [InlineData("{'email': null}", "DW1006", "text")]
    [InlineData("{'email': ['a@b.c']}", "DW1006", "in:")]
    [InlineData("{'groups': ['a']}", "DW1006", "has_any")]
    [InlineData("{'groups': 3}", "DW1006", "\"3\"")]
    [InlineData("{'groups': {'has_any': 'a'}}", "DW1006", "list")]
    [InlineData("{'claim/x': ['a']}", "DW1006", "has_any")]
    [InlineData("{'claim/x': null}", "DW1006", "text")]
    [InlineData("{'device': 'any'}", "DW1006", "type")]
    [InlineData("{'device/compliant': 'yes'}", "DW1006", "true or false")]
    [InlineData("{'kubernetes/exec_class': 'x'}", "DW1006", "true or false")]
    [InlineData("{'claim/x': {'under': 'x'}}", "DW1006", "number")]
    [InlineData("{'claim': 'x'}", "DW1007", "claim/<claim>")]
    [InlineData("{'claim/': 'x'}", "DW1007", "claim/<claim>")]
    [InlineData("{'accept/x': true}", "DW1007", "«accept:»")]
    [InlineData("{'device': {'typ': 'any'}}", "DW1008", "«type»")]
    [InlineData("{'date': {'until': '2026-01-01'}}", "DW1008", "after")]
    [InlineData("{'email': {}}", "DW1009", "is")]
    [InlineData("{'groups': {}}", "DW1009", "has")]
    [InlineData("{'claim/x': {}}", "DW1009", "has")]
    [InlineData("{'time_of_day': {'timezone': 'UTC'}}", "DW1009", "after")]
    [InlineData("{'day_of_week': {'timezone': 'UTC'}}", "DW1009", "days")]
    [InlineData("{'record/x': {'matcher': 'y'}}", "DW1009", "field")]
    [InlineData("{'record/x': {'field': 'y'}}", "DW1009", "is")]
    [InlineData("{'ssh_publickey': '# none'}", "DW1009", "ssh-ed25519")]
    [InlineData("{'http_path': 'a\\tb'}", "DW1010", "tabs")]
    [InlineData("{'email': {'start_with': 'a'}}", "DW1011", "«starts_with»")]
    [InlineData("{'groups': {'hass': 'a'}}", "DW1011", "«has»")]
    [InlineData("{'claim/x': {'undr': 3}}", "DW1011", "«under»")]
    [InlineData("{'http_path': {'matches': '(a'}}", "DW1012", "Mend")]
    [InlineData("{'http_path': {'matches': 'a)|(b'}}", "DW1012", "Mend")]
    [InlineData("{'http_path': {'matches': '(?=a)b'}}", "DW1012", "lookarounds")]
    [InlineData("{'http_path': {'matches': '(a)\\\\1'}}", "DW1012", "backreferences")]
    [InlineData("{'http_path': {'matches': '((a{99}){99}){99}'}}", "DW1012", "braces")]
    [InlineData("{'http_path': {'matches': 'a{9999999999}'}}", "DW1012", "braces")]
    [InlineData("{'source_ip': '10.0.0'}", "DW1013", "192.0.2.7")]
    [InlineData("{'date': {'after': 'soon'}}", "DW1014", "2026-12-31")]
    [InlineData("{'time_of_day': {'after': '25:00'}}", "DW1014", "18:30")]
    [InlineData("{'day_of_week': 'mon-foo'}", "DW1014", "mon-fri")]
    [InlineData("{'day_of_week': []}", "DW1014", "mon-fri")]
    [InlineData("{'session_age': {'under': '1'}}", "DW1014", "12h")]
    [InlineData("{'session_age': {'under': '0s'}}", "DW1014", "12h")]
    [InlineData("{'time_of_day': {'after': '10:00', 'timezone': 'Mars'}}", "DW1015", "Europe/Berlin")]
    [InlineData("{'date': {'after': '2026-01-02', 'before': '2026-01-01'}}", "DW1017", "Exchange")]
    [InlineData("{'time_of_day': {'after': '10:00', 'before': '10:00'}}", "DW1017", "Change")]
    [InlineData("{'time_of_day': {'before': '00:00'}}", "DW1017", "Change")]
    [InlineData("{'client_certificate': {'fingerprint': 'ab'}}", "DW1018", "64")]
    [InlineData("{'client_certificate': {'spki_hash': 'ab'}}", "DW1018", "44")]
    [InlineData("{'ssh_ca': 'ssh-ed25519 AAAA'}", "DW1018", ".pub")]
    // A key that ends after its type, one of another type, and one whose type is said to be longer than it is.
    [InlineData("{'ssh_ca': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5'}", "DW1018", ".pub")]
    [InlineData("{'ssh_ca': 'ssh-rsa AAAAB3NzaC1kc3MAAAABAGFiYw=='}", "DW1018", ".pub")]
    [InlineData("{'ssh_ca': 'ssh-ed25519 AAAADHNzaC1lZDI1NTE5AAAAAQBhYg=='}", "DW1018", ".pub")]
    [InlineData("{'accept': false}", "DW1020", "not")]
    [InlineData("{'risk': {'under': 'huge'}}", "DW1021", "low, medium or high")]
    [InlineData("{'kubernetes/verbs': 'get'}", "DW1021", "«verb»")]
    public void A_criterion_that_is_wrong_is_told_with_its_cure(string criterion, string id, string cure)
    {
        Assert.Null(Policies.TryParse($"{{'allow': {{'and': [{criterion}]}}}}", out var problems));
        var problem = Assert.Single(problems, problem => problem.Severity == Severity.Error);
        Assert.Equal(id, problem.Id);
        Assert.Contains(cure, problem.Cure, StringComparison.Ordinal);
        Assert.Equal((Json.Source, 1), (problem.Place.Source, problem.Place.Line));
        Assert.InRange(problem.Place.Column, 19, 200);
    }

    [Theory]
    [InlineData("{'allow': {'nor': [{'http_path': '/x'}]}}", "DW1051")]
    [InlineData("{'allow': {'and': []}}", "DW1052")]
    [InlineData("{'allow': {}}", "DW1052")]
    [InlineData("{'allow': {'not': [{'session_age': {'under': '1h'}}]}}", "DW1053")]
    [InlineData("{'allow': {'or': [{'accept': true}]}, 'deny': {'or': [{'authentication': {'acr': 'x'}}]}}", "DW1053")]
    [InlineData("{'allow': {'or': [{'accept': true}]}, 'deny': {'and': [{'reject': true}]}}", "DW1054")]
    [InlineData("{'allow': {'or': [{'accept': true}, {'reject': true}]}}", "DW1054")]
    [InlineData("{'allow': {'or': [{'accept': 'x'}]}}", "DW1055")]
    [InlineData("{'allow': {'or': [{'user': {'in': []}}]}}", "DW1056")]
    [InlineData("{'allow': {'or': [{'email': 'ada'}]}}", "DW1057")]
    [InlineData("{'allow': {'or': [{'domain': '@example.com'}]}}", "DW1057")]
    [InlineData("{'allow': {'or': [{'http_method': 'get'}]}}", "DW1057")]
    [InlineData("{'allow': {'or': [{'http_path': 'admin'}]}}", "DW1057")]
    [InlineData("{'allow': {'or': [{'risk': {'under': 'low'}}]}}", "DW1057")]
    [InlineData("{'deny': {'or': [{'accept': true}]}}", "DW1058")]
    public void What_hardly_means_what_it_says_is_warned_of_and_used(string policy, string id)
    {
        Assert.NotNull(Policies.TryParse(policy, out var problems));
        Assert.Equal((id, Severity.Warning), (Assert.Single(problems).Id, problems[0].Severity));
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_its_place()
    {
        Assert.Null(Policies.TryParse("{'allow': {'and': [\n  {'emial': 'x'},\n  {'groups': {'hass': 'a'}},\n  {'time_of_day': {'after': '25:00', 'timezone': 'Mars'}}\n]}, 'dny': 1}", out var problems));
        Assert.Equal(
            [("DW1002", 5, 5), ("DW1004", 2, 4), ("DW1011", 3, 15), ("DW1015", 4, 50), ("DW1014", 4, 29)],
            problems.Select(problem => (problem.Id, problem.Place.Line, problem.Place.Column)));
    }

    [Fact]
    public void A_guardrail_that_allows_is_an_error()
    {
        var node = Json.Read("[{'allow': {'or': [{'accept': true}]}}, {'deny': {'or': [{'accept': true}]}}]", out var problems);
        Assert.Null(ParsedPolicy.ParseGuardrail("g", node, Policies.Zones, problems));
        Assert.Equal("DW1019", Assert.Single(problems).Id);
    }

    [Fact]
    public void A_value_that_is_not_used_takes_nothing_away() => Assert.Equal("true accept", Verdict.Of("{'accept': 'x'}", Some.Stranger()));

    [Theory]
    [InlineData("*", "{'accept': true}", PolicyLimits.Criteria, "A policy may have 100000 criteria, and this one has more. Put the people into a group and name that.")]
    [InlineData("{'user': {'in': [*]}}", "'x'", PolicyLimits.Operands, "A policy may have 100000 values, and this one has more. Put the people into a group and name that.")]
    [InlineData("{'ssh_publickey': [*]}", "'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=='", PolicyLimits.Operands, "A policy may have 100000 values, and this one has more. Put the people into a group and name that.")]
    [InlineData("*", "{'http_path': {'matches': 'x'}}", PolicyLimits.Patterns, "A policy may have 200 regular expressions, and this one has more. Join some of them, or compare names.")]
    public void A_policy_beyond_its_limits_is_told_once(string criteria, string one, int limit, string words)
    {
        var many = criteria.Replace("*", string.Join(',', Enumerable.Repeat(one, limit + 5)), StringComparison.Ordinal);
        Assert.Null(Policies.TryParse("{'allow': {'or': [" + many + "]}}", out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal(("DW1016", words), (problem.Id, $"{problem.Message} {problem.Cure}"));
    }

    private static List<string> Ids(string policy, out bool parsed)
    {
        parsed = Policies.TryParse(policy, out var problems) is not null;
        return [.. problems.Select(problem => problem.Id)];
    }
}
