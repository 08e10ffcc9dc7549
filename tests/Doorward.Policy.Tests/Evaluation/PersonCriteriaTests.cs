using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class PersonCriteriaTests
{
    [Theory]
    [InlineData("{'authenticated_user': true}")]
    [InlineData("{'user': {'not': 'u1'}}")]
    [InlineData("{'email': {'not': 'ada@example.com'}}")]
    [InlineData("{'domain': {'not_in': ['example.com']}}")]
    [InlineData("{'groups': {'exclude': 'sre'}}")]
    [InlineData("{'claim/hd': {'exclude': 'x'}}")]
    [InlineData("{'person/department': 'ops'}")]
    [InlineData("{'risk': {'under': 'high'}}")]
    [InlineData("{'record/badge': {'field': 'site', 'matcher': 'berlin'}}")]
    [InlineData("{'device': {'type': 'any'}}")]
    [InlineData("{'device/compliant': true}")]
    [InlineData("{'session_age': {'under': '1h'}}")]
    [InlineData("{'authentication': {'provider': 'corp'}}")]
    [InlineData("{'ssh_username_matches_email': true}")]
    [InlineData("{'ssh_username_matches_claim': 'login'}")]
    public void Without_a_session_what_is_about_a_person_is_unknown_and_asks_to_sign_in(string criterion)
    {
        var stranger = Some.Stranger();
        var over = new Facts
        {
            Now = Some.Now,
            Session = new SessionFacts { Id = "s1", Expires = Some.Now, AuthTime = Some.Now, Provider = "corp" },
            Person = Some.Person(),
            Device = Some.Device(),
            Risk = new RiskFacts(RiskLevel.Low, RiskLevel.Low, RiskLevel.Low),
            Ssh = new SshFacts("ada", null),
        };
        var withoutSession = new Facts { Now = Some.Now, Person = Some.Person(), Device = Some.Device() };
        foreach (var facts in new[] { stranger, over, withoutSession })
            Assert.Equal("unknown user-unauthenticated ask signin", Verdict.Of(criterion, facts));
    }

    [Theory]
    [InlineData("{'user': 'u1'}")]
    [InlineData("{'email': {'not': 'x@y.z'}}")]
    [InlineData("{'domain': {'not': 'y.z'}}")]
    [InlineData("{'groups': {'exclude': 'sre'}}")]
    [InlineData("{'person/department': {'not': 'ops'}}")]
    public void A_session_without_its_person_leaves_them_unknown_and_asks_nothing(string criterion)
    {
        var verdict = Verdict.Of(criterion, new Facts { Now = Some.Now, Session = Some.Session() });
        Assert.StartsWith("unknown ", verdict, StringComparison.Ordinal);
        Assert.EndsWith("-unauthorized", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_is_over_at_its_expiry_and_not_a_tick_before()
    {
        var session = new SessionFacts { Id = "s1", Expires = Some.Now.AddTicks(1) };
        Assert.Equal("true user-ok", Verdict.Of("{'authenticated_user': true}", Some.SignedIn(session)));
        Assert.Equal("unknown user-unauthenticated ask signin", Verdict.Of("{'authenticated_user': true}", Some.SignedIn(session, now: Some.Now.AddTicks(1))));
    }

    [Theory]
    [InlineData("'u1'", "true user-ok")]
    [InlineData("'U1'", "false user-unauthorized")]
    public void A_user_is_compared_by_id(string matcher, string verdict) => Assert.Equal(verdict, Verdict.Of("{'user': " + matcher + "}", Some.SignedIn()));

    [Theory]
    [InlineData("'Ada@example.com'", "Ada@example.com", true)]
    [InlineData("'Ada@EXAMPLE.com'", "Ada@Example.COM", true)]
    [InlineData("'ada@example.com'", "Ada@example.com", false)]
    [InlineData("{'not': 'Ada@EXAMPLE.com'}", "Ada@example.com", false)]
    [InlineData("{'in': ['x@y.z', 'Ada@EXAMPLE.com']}", "Ada@eXample.com", true)]
    [InlineData("{'not_in': ['x@y.z', 'Ada@EXAMPLE.com']}", "Ada@example.com", false)]
    [InlineData("{'ends_with': '@EXAMPLE.com'}", "Ada@Example.com", true)]
    [InlineData("{'ends_with': 'EXAMPLE.com'}", "Ada@Example.com", true)]
    [InlineData("{'ends_with': 'a@EXAMPLE.com'}", "AdA@example.com", false)]
    [InlineData("{'ends_with': 'A@EXAMPLE.com'}", "AdA@example.com", true)]
    [InlineData("{'starts_with': 'Ada'}", "Ada@example.com", true)]
    [InlineData("{'starts_with': 'ada'}", "Ada@example.com", false)]
    [InlineData("{'starts_with': 'Ada@EX'}", "Ada@example.com", true)]
    [InlineData("{'contains': 'DA'}", "ADA@example.com", true)]
    [InlineData("{'contains': 'AD'}", "ADA@example.com", true)]
    [InlineData("{'contains': 'DA'}", "ada@example.com", false)]
    [InlineData("{'contains': 'A'}", "ada@other.org", false)]
    [InlineData("{'contains': 'EXAM'}", "ada@example.com", true)]
    [InlineData("{'contains': 'exam'}", "ada@EXAMPLE.com", true)]
    [InlineData("{'contains': 'a@EX'}", "ada@example.com", true)]
    [InlineData("{'contains': 'EXAM'}", "exam@other.com", false)]
    [InlineData("{'matches': 'ada@example[.]com'}", "ada@EXAMPLE.com", true)]
    [InlineData("{'matches': 'ada@EXAMPLE[.]com'}", "ada@EXAMPLE.com", false)]
    public void An_address_compares_its_domain_without_case_and_the_rest_with(string matcher, string email, bool holds) =>
        Assert.Equal(holds ? "true email-ok" : "false email-unauthorized", Verdict.Of("{'email': " + matcher + "}", Some.SignedIn(person: Some.Person(email))));

    [Fact]
    public void Only_ascii_letters_are_taken_as_equal()
    {
        // U+212A is the Kelvin sign and U+017F the long s: other ways of comparing take them for K and S.
        Assert.Equal("false domain-unauthorized", Verdict.Of("{'domain': 'kiss.com'}", Some.SignedIn(person: Some.Person("a@\u212Ai\u017F\u017F.com"))));
        Assert.Equal("false domain-unauthorized", Verdict.Of("{'domain': '\u212Ais.com'}", Some.SignedIn(person: Some.Person("a@KIS.com"))));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("ada@example.com", false)]
    [InlineData("ada", true)]
    [InlineData("ada@x@example.com", true)]
    [InlineData("@example.com", true)]
    [InlineData("ada@", true)]
    public void An_address_that_is_unverified_or_none_is_unknown_also_for_what_negates(string? email, bool verified)
    {
        var facts = Some.SignedIn(person: Some.Person(email, verified));
        Assert.Equal("unknown email-unauthorized", Verdict.Of("{'email': {'not': 'x@y.z'}}", facts));
        Assert.Equal("unknown domain-unauthorized", Verdict.Of("{'domain': {'not': 'y.z'}}", facts));
    }

    [Theory]
    [InlineData("'EXAMPLE.com'", true)]
    [InlineData("'example.co'", false)]
    [InlineData("{'ends_with': '.COM'}", true)]
    [InlineData("{'in': ['Example.com', 'b.c']}", true)]
    [InlineData("{'matches': '[a-z.]+'}", true)]
    public void A_domain_is_compared_without_case(string matcher, bool holds) =>
        Assert.Equal(holds ? "true domain-ok" : "false domain-unauthorized", Verdict.Of("{'domain': " + matcher + "}", Some.SignedIn(person: Some.Person("ada@eXample.Com"))));

    [Fact]
    public void A_very_long_address_is_compared_like_any_other()
    {
        var domain = new string('A', 1_000) + ".com";
        Assert.Equal("true domain-ok", Verdict.Of("{'domain': '" + domain.ToLowerInvariant() + "'}", Some.SignedIn(person: Some.Person("ada@" + domain))));
    }

    [Fact]
    public void An_address_of_millions_of_letters_does_not_exhaust_the_stack() =>
        Assert.Equal("true domain-ok", Verdict.Of("{'domain': {'ends_with': 'A.com'}}", Some.SignedIn(person: Some.Person("ada@" + new string('A', 8 << 20) + ".com"))));

    [Theory]
    [InlineData("low", null, null, "medium", "true risk-ok")]
    [InlineData("low", "low", "low", "medium", "true risk-ok")]
    [InlineData("medium", null, null, "medium", "false risk-unauthorized")]
    [InlineData("low", "high", null, "medium", "false risk-unauthorized")]
    [InlineData("low", "medium", null, "medium", "false risk-unauthorized")]
    [InlineData(null, null, "high", "high", "false risk-unauthorized")]
    [InlineData(null, "medium", null, "high", "true risk-ok")]
    [InlineData(null, null, "low", "high", "true risk-ok")]
    [InlineData(null, null, null, "high", "unknown risk-unauthorized")]
    public void The_highest_risk_told_counts(string? person, string? session, string? device, string under, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'risk': {'under': '" + under + "'}}", Some.SignedIn(risk: new RiskFacts(Level(person), Level(session), Level(device)))));

    [Fact]
    public void A_risk_that_nobody_told_is_unknown() => Assert.Equal("unknown risk-unauthorized", Verdict.Of("{'risk': {'under': 'high'}}", Some.SignedIn()));

    [Theory]
    [InlineData("badge", "site", "'berlin'", "true record-ok")]
    [InlineData("badge", "site", "'paris'", "false record-unauthorized")]
    [InlineData("badge", "door", "'x'", "unknown record-unauthorized")]
    [InlineData("other", "site", "{'not': 'x'}", "unknown record-unauthorized")]
    public void A_record_is_compared_by_a_field(string type, string field, string matcher, string verdict)
    {
        var records = new Dictionary<string, IReadOnlyDictionary<string, FactValue>> { ["badge"] = new Dictionary<string, FactValue> { ["site"] = new("berlin") } };
        var criterion = $"{{'record/{type}': {{'field': '{field}', 'matcher': {matcher}}}}}";
        Assert.Equal(verdict, Verdict.Of(criterion, new Facts { Now = Some.Now, Session = Some.Session(), Records = records }));
        var stranger = new Facts { Now = Some.Now, Records = records };
        Assert.Equal(verdict.StartsWith("unknown", StringComparison.Ordinal) ? "unknown user-unauthenticated ask signin" : verdict, Verdict.Of(criterion, stranger));
    }

    private static RiskLevel? Level(string? word) => word is null ? null : Enum.Parse<RiskLevel>(word, ignoreCase: true);
}
