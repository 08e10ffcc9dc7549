using System.Runtime.CompilerServices;
using Doorward.Policy.Syntax;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Parsing;

public class CanonicalTextTests
{
    private const string All =
        """
        [{'allow': {'and': [{'accept': true}, {'reject': null}, {'authenticated_user': true}, {'user': 'u\"\\ü'}, {'email': {'ends_with': '@x.y', 'is': 'a@x.y'}}, {'domain': {'in': ['a', 'b']}},
          {'groups': {'exclude': 'c', 'has': {'starts_with': 'x'}, 'has_any': ['a'], 'has_all': ['b']}}, {'claim/a/b': {'is': 3, 'under': 5.5, 'over': 1}}, {'claim/c': true}, {'person/x': {'before': '2026-01-01T01:00:00.5+01:00', 'after': '2020-01-01'}},
          {'device': {'is': 'd', 'approved': false}}, {'device/compliant': true}, {'device/os': {'not': 'x'}}, {'risk': {'under': 'high'}}, {'record/badge': {'field': 'site', 'is': 'berlin'}},
          {'http_method': 'GET'}, {'http_path': {'matches': '/.*'}}, {'http_host': 'h'}, {'http_header/X': 'y'}, {'http_query/q': {'has': 'y'}}, {'cors_preflight': true}, {'mcp_tool': 't'}],
         'or': [{'source_ip': ['10.1.2.3/8', '2001:db8::1']}, {'client_certificate': {'fingerprint': '00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff', 'san_dns': 'x'}}, {'invalid_client_certificate': true},
          {'ssh_publickey': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFlPQkxYbmluZ0tleUZvclRlc3RzT25seU9rYXk= me'}, {'ssh_username': 'x'}, {'ssh_username_matches_email': true}, {'ssh_username_matches_claim': 'l'},
          {'date': {'before': '2027-01-01'}}, {'day_of_week': 'fri-mon'}, {'day_of_week': {'days': ['mon', 'wed'], 'timezone': 'Europe/Berlin'}}, {'time_of_day': {'timezone': 'Europe/Berlin', 'after': '6:30PM', 'before': '06:00'}},
          {'session_age': {'under': '90m'}}, {'authentication': {'amr': 'otp', 'acr': {'in': ['x']}, 'provider': 'corp'}}, {'kubernetes/verb': 'get'}, {'kubernetes/exec_class': false}]}},
         {'deny': {'nor': [{'accept': true}], 'not': [{'accept': true}]}}]
        """;

    [Fact]
    public void Every_criterion_has_one_text() => Golden.Check(Beside(), written =>
    {
        var policy = Policies.Parse("{'allow': {'and': [" + written + "]}}").Syntax;
        var text = CanonicalText.Print(policy.Rules[0].Operations[0].Criteria[0]);
        Assert.Equal("[{\"allow\":{\"and\":[" + text + "]}}]", CanonicalText.Print(policy));
        return [text];
    });

    [Fact]
    public void The_text_of_a_whole_policy_holds_its_guardrails_apart()
    {
        const string One = "{'allow': {'and': [{'accept': true}], 'nor': [{'reject': true}]}, 'deny': {'or': [{'accept': true}, {'reject': true}], 'not': [{'accept': true}]}}";
        Assert.Equal(
            """[{"allow":{"and":[{"accept":true}],"nor":[{"reject":true}]}},{"deny":{"or":[{"accept":true},{"reject":true}],"not":[{"accept":true}]}}]""",
            CanonicalText.Print(Policies.Parse(One).Syntax));
        const string Deny = "{'deny': {'or': [{'reject': true}]}}";
        Assert.NotEqual(Policies.Of(One, Deny).Digest, Policies.WithGuardrail(One, Deny).Digest);
        // A digest in an old record still says which policy it was.
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("""{"policies":[[{"deny":{"or":[{"reject":true}]}}]],"guardrails":[]}"""u8)), Policies.Of(Deny).Digest);
    }

    [Fact]
    public void What_is_printed_reads_as_the_same()
    {
        var printed = CanonicalText.Print(Policies.Parse(All).Syntax);
        Assert.Equal(printed, CanonicalText.Print(ReadRaw(printed).Syntax));
        Assert.Contains("""{"session_age":{"under":"1h30m"}}""", printed, StringComparison.Ordinal);
        Assert.Contains("""{"time_of_day":{"after":"18:30:00","before":"06:00:00","timezone":"Europe/Berlin"}}""", printed, StringComparison.Ordinal);
        Assert.Contains("""{"source_ip":["10.0.0.0/8","2001:db8::1/128"]}""", printed, StringComparison.Ordinal);
        Assert.Contains("""{"person/x":{"before":"2026-01-01T00:00:00.5Z","after":"2020-01-01T00:00:00Z"}}""", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'allow': {'and': [{'email': 'a@b.c'}]}}", "[ { 'allow' : {\n'and': [ {'email': {'is': 'a@b.c'}} ] } } ]")]
    [InlineData("{'allow': {'and': [{'accept': true}], 'or': [{'reject': true}]}}", "{'allow': {'or': [{'reject': 1}], 'and': [{'accept': {}}]}}")]
    [InlineData("{'allow': {'and': [{'accept': true}]}, 'deny': {'or': [{'reject': true}]}}", "{'deny': {'or': [{'reject': true}]}, 'allow': {'and': [{'accept': true}]}}")]
    [InlineData("{'allow': {'and': [{'email': {'starts_with': 'a', 'ends_with': 'z'}}]}}", "{'allow': {'and': [{'email': {'ends_with': 'z', 'starts_with': 'a'}}]}}")]
    public void Texts_that_differ_in_form_only_have_one_digest(string one, string other) => Assert.Equal(Policies.Of(one).Digest, Policies.Of(other).Digest);

    [Theory]
    [InlineData("{'allow': {'and': [{'email': 'a@b.c'}]}}", "{'allow': {'and': [{'email': 'a@b.d'}]}}")]
    [InlineData("{'allow': {'and': [{'accept': true}]}}", "{'allow': {'or': [{'accept': true}]}}")]
    [InlineData("{'allow': {'and': [{'accept': true}]}}", "{'deny': {'and': [{'accept': true}]}}")]
    public void Texts_that_differ_in_meaning_have_different_digests(string one, string other) => Assert.NotEqual(Policies.Of(one).Digest, Policies.Of(other).Digest);

    private static string Beside([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "canonical.txt");

    private static ParsedPolicy ReadRaw(string json)
    {
        var problems = new List<Problem>();
        var reader = Json.Events(json);
        return ParsedPolicy.Parse("again", Doorward.Policy.Documents.NodeReader.Read(reader, "again", problems)!, Policies.Zones, problems)!;
    }
}
