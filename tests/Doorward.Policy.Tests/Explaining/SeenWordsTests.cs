using System.Net;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Explaining;

/// <summary>What a criterion saw, in words.</summary>
public class SeenWordsTests
{
    private const string NotSignedIn = "You are not signed in.";

    private static readonly PersonFacts _unverified = new() { Id = "u1", Email = "ada@example.com" };

    [Theory]
    [InlineData("{'authenticated_user': true}", NotSignedIn)]
    [InlineData("{'user': 'u1'}", NotSignedIn)]
    [InlineData("{'risk': {'under': 'high'}}", NotSignedIn)]
    [InlineData("{'device': {'type': 'any'}}", NotSignedIn)]
    [InlineData("{'ssh_username_matches_email': true}", NotSignedIn)]
    [InlineData("{'accept': true}", "It looks at nothing.")]
    [InlineData("{'reject': true}", "It looks at nothing.")]
    [InlineData("{'record/badge': {'field': 'x', 'is': 'y'}}", "The record is not known, and you are not signed in.")]
    [InlineData("{'source_ip': '10.0.0.0/8'}", "Your address is 10.0.0.1.")]
    [InlineData("{'client_certificate': {'san_dns': 'x'}}", "No client certificate was shown.")]
    [InlineData("{'invalid_client_certificate': true}", "No client certificate was shown.")]
    [InlineData("{'date': {'before': '2030-01-01'}}", "It is 2026-01-01 09:00:00 UTC.")]
    [InlineData("{'day_of_week': {'days': 'mon', 'timezone': 'Pacific/Auckland'}}", "It is Thursday there.")]
    [InlineData("{'time_of_day': {'before': '10:00', 'timezone': 'Asia/Kolkata'}}", "It is 14:30 there.")]
    [InlineData("{'http_method': 'GET'}", "It is.")]
    [InlineData("{'http_method': 'PUT'}", "It is not.")]
    [InlineData("{'mcp_tool': 'x'}", "It is not known.")]
    [InlineData("{'kubernetes/verb': 'get'}", "It is not known.")]
    public void Of_a_stranger(string criterion, string seen) => Assert.Equal(seen, Seen(criterion, Some.Stranger()));

    [Theory]
    [InlineData("{'authenticated_user': true}", "You are signed in.")]
    [InlineData("{'user': 'u1'}", "You are.")]
    [InlineData("{'user': 'u2'}", "You are not.")]
    [InlineData("{'email': 'ada@example.com'}", "Your e-mail address is «ada@example.com».")]
    [InlineData("{'domain': 'x.org'}", "Your e-mail address is «ada@example.com».")]
    [InlineData("{'groups': 'x'}", "Your groups are «sre», «dev».")]
    [InlineData("{'claim/x': 'y'}", "Your provider has not told it in a way that can be compared.")]
    [InlineData("{'ssh_username_matches_claim': 'x'}", "Your provider has not told it in a way that can be compared.")]
    [InlineData("{'person/x': 'y'}", "No directory has told it in a way that can be compared.")]
    [InlineData("{'record/badge': {'field': 'x', 'is': 'y'}}", "The record is not known.")]
    [InlineData("{'risk': {'under': 'high'}}", "Nobody has told a risk.")]
    [InlineData("{'device': {'type': 'any'}}", "No device of yours is known.")]
    [InlineData("{'device/compliant': true}", "No device of yours is known.")]
    [InlineData("{'session_age': {'under': '2h'}}", "You signed in at 2026-01-01 08:00:00 UTC.")]
    [InlineData("{'authentication': {'amr': 'otp'}}", "You did.")]
    [InlineData("{'authentication': {'provider': 'x'}}", "You signed in at another provider.")]
    [InlineData("{'authentication': {'amr': 'x'}}", "Your sign-in does not show it.")]
    [InlineData("{'ssh_username_matches_email': true}", "It is not known.")]
    public void Of_somebody_signed_in(string criterion, string seen) => Assert.Equal(seen, Seen(criterion, Some.SignedIn()));

    [Theory]
    [InlineData(0, "You are in none of the groups that matter to the policy.")]
    [InlineData(2, "Of the groups that matter to the policy you are in «g0», «g1».")]
    [InlineData(11, "Of the groups that matter to the policy you are in 11, among them «g0», «g1», «g2», «g3», «g4», «g5», «g6», «g7», «g8», «g9».")]
    public void Of_groups_as_a_record_keeps_them(int groups, string seen) => Assert.Equal(seen, Seen(
        "{'groups': 'x'}",
        Some.SignedIn(person: new() { Id = "u1", OnlyGroupsThatMatter = true, Groups = [.. Enumerable.Range(0, groups).Select(i => new GroupFact($"g{i}"))] })));

    [Fact]
    public void Of_addresses_and_groups()
    {
        Assert.Equal("Your e-mail address «ada@example.com» is not verified.", Seen("{'email': 'ada@example.com'}", Some.SignedIn(person: _unverified)));
        Assert.Equal("Your e-mail address «ada@example.com» is not verified.", Seen("{'ssh_username_matches_email': true}", Some.SignedIn(person: _unverified)));
        Assert.Equal("Your e-mail address is not known.", Seen("{'email': 'ada@example.com'}", Some.SignedIn(person: Some.Person(email: null))));
        Assert.Equal("Nobody has told which groups you are in.", Seen("{'groups': 'x'}", Some.SignedIn(person: _unverified)));
        Assert.Equal("You are in no group.", Seen("{'groups': 'x'}", Some.SignedIn(person: Some.Person(groups: []))));
        Assert.Equal("Your groups are «g7».", Seen("{'groups': 'x'}", Some.SignedIn(person: Some.Person(groups: [new GroupFact("g7")]))));
        Assert.Equal("Who you are is not known.", Seen("{'user': 'u1'}", new Facts { Now = Some.Now, Session = Some.Session() }));
        Assert.Equal("Your address is not known.", Seen("{'source_ip': '10.0.0.0/8'}", new Facts { Now = Some.Now }));
        Assert.Equal("Your address is 10.0.0.2.", Seen("{'source_ip': '10.0.0.0/8'}", new Facts { Now = Some.Now, SourceIp = IPAddress.Parse("::ffff:10.0.0.2") }));
        Assert.Equal("Your address is 2001:db8::1.", Seen("{'source_ip': '10.0.0.0/8'}", new Facts { Now = Some.Now, SourceIp = IPAddress.Parse("2001:db8::1") }));
        Assert.Equal("Your provider has not told when you signed in.", Seen("{'session_age': {'under': '2h'}}", Some.SignedIn(new SessionFacts { Id = "s1" })));
    }

    [Fact]
    public void Of_many_groups_a_few_are_told()
    {
        GroupFact[] Groups(int count) => [.. Enumerable.Range(1, count).Select(number => new GroupFact($"g{number}"))];
        Assert.Equal("Your groups are «g1», «g2», «g3», «g4», «g5», «g6», «g7», «g8», «g9», «g10».", Seen("{'groups': 'x'}", Some.SignedIn(person: Some.Person(groups: Groups(10)))));
        Assert.Equal("You are in 11 groups, among them «g1», «g2», «g3», «g4», «g5», «g6», «g7», «g8», «g9», «g10».", Seen("{'groups': 'x'}", Some.SignedIn(person: Some.Person(groups: Groups(11)))));
    }

    [Theory]
    [InlineData("{'claim/x': 'y'}", "The claim is.")]
    [InlineData("{'claim/x': 'z'}", "The claim is not.")]
    [InlineData("{'claim/w': 'z'}", "Your provider has not told it in a way that can be compared.")]
    public void Of_claims(string criterion, string seen) => Assert.Equal(seen, Seen(criterion, Some.WithClaims(("x", "y"))));

    [Theory]
    [InlineData("berlin", "is")]
    [InlineData("paris", "is not")]
    public void Of_records_and_attributes(string asked, string seen)
    {
        var fields = new Dictionary<string, FactValue> { ["site"] = new("berlin") };
        var records = new Dictionary<string, IReadOnlyDictionary<string, FactValue>> { ["badge"] = fields };
        Assert.Equal($"The record {seen}.", Seen("{'record/badge': {'field': 'site', 'is': '" + asked + "'}}", new Facts { Now = Some.Now, Records = records }));
        Assert.Equal($"The attribute {seen}.", Seen("{'person/site': '" + asked + "'}", Some.SignedIn(person: new PersonFacts { Id = "u1", Attributes = fields })));
    }

    [Fact]
    public void Of_a_device_that_has_shown_nothing() =>
        Assert.Equal("You have not shown such a device.", Seen("{'device': {'approved': true}}", Some.SignedIn(device: new DeviceFacts { Id = "d1", Approved = true })));

    [Theory]
    [InlineData("{'device/compliant': true}", true, "It complies.")]
    [InlineData("{'device/compliant': true}", false, "It does not comply.")]
    [InlineData("{'device/compliant': true}", null, "Nobody has told whether it complies.")]
    [InlineData("{'device/approved': true}", true, "It is approved.")]
    [InlineData("{'device/approved': true}", false, "It is not approved.")]
    [InlineData("{'device/approved': true}", null, "Nobody has told whether it is approved.")]
    [InlineData("{'device': {'type': 'any', 'approved': true}}", true, "You do.")]
    [InlineData("{'device': {'type': 'any', 'approved': true}}", false, "It is not approved.")]
    [InlineData("{'device': {'type': 'any', 'approved': true}}", null, "Nobody has told whether it is approved.")]
    [InlineData("{'device': {'is': 'd1'}}", true, "You do.")]
    [InlineData("{'device': {'is': 'd2'}}", true, "You use another one.")]
    [InlineData("{'device': {'type': 'tpm'}}", true, "You have not shown such a device.")]
    [InlineData("{'device/os': 'linux'}", true, "It is.")]
    [InlineData("{'device/os': 'mac'}", true, "It is not.")]
    [InlineData("{'device/x': 'y'}", true, "Nobody has told it in a way that can be compared.")]
    public void Of_devices(string criterion, bool? state, string seen) => Assert.Equal(seen, Seen(criterion, Some.SignedIn(
        device: new DeviceFacts { Id = "d1", Compliant = state, Approved = state, Types = ["any"], Attributes = new Dictionary<string, FactValue> { ["os"] = new("linux") } })));

    [Theory]
    [InlineData(RiskLevel.Low, RiskLevel.High, "The highest risk told is high.")]
    [InlineData(RiskLevel.Medium, null, "The highest risk told is medium.")]
    [InlineData(null, null, "Nobody has told a risk.")]
    public void Of_risk(RiskLevel? person, RiskLevel? device, string seen) => Assert.Equal(seen, Seen("{'risk': {'under': 'high'}}", Some.SignedIn(risk: new RiskFacts(person, null, device))));

    [Theory]
    [InlineData(true, "A valid client certificate was shown.")]
    [InlineData(false, "The client certificate shown is not valid.")]
    public void Of_certificates(bool valid, string seen) => Assert.Equal(seen, Seen("{'invalid_client_certificate': true}",
        new Facts { Now = Some.Now, Certificate = new CertificateFacts { Fingerprint = new('a', 64), Valid = valid } }));

    [Theory]
    [InlineData("tools/list", "x", "The request calls no tool.")]
    [InlineData("tools/call", "x", "It is.")]
    [InlineData("tools/call", "y", "It is not.")]
    public void Of_tools(string method, string tool, string seen) => Assert.Equal(seen, Seen("{'mcp_tool': 'x'}", new Facts { Now = Some.Now, Mcp = new McpFacts(method, tool) }));

    private static string Seen(string criterion, Facts facts) => Assert.Single(Policies.Allowing(criterion).Explain(facts).Rules[0].Operations[0].Criteria).Seen;
}
