using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class SessionTests
{
    [Theory]
    [InlineData(-1, "true session-age-ok")]
    [InlineData(0, "unknown session-age-unauthorized ask freshsignin")]
    [InlineData(1, "unknown session-age-unauthorized ask freshsignin")]
    public void A_sign_in_grows_too_old_at_an_instant(int ticksPast, string verdict)
    {
        var session = new SessionFacts { Id = "s1", AuthTime = Some.Now.AddHours(-1).AddTicks(-ticksPast) };
        Assert.Equal(verdict, Verdict.Of("{'session_age': {'under': '1h'}}", Some.SignedIn(session)));
    }

    [Fact]
    public void A_sign_in_of_unknown_time_asks_for_a_fresh_one() =>
        Assert.Equal("unknown session-age-unauthorized ask freshsignin", Verdict.Of("{'session_age': {'under': '1h'}}", Some.SignedIn(new SessionFacts { Id = "s1" })));

    [Fact]
    public void A_sign_in_at_the_end_of_time_does_not_overflow() =>
        Assert.Equal("true session-age-ok", Verdict.Of("{'session_age': {'under': '9999d'}}", Some.SignedIn(new SessionFacts { Id = "s1", AuthTime = DateTimeOffset.MaxValue })));

    [Theory]
    [InlineData("'acr': 'urn:mfa'", "true authentication-ok")]
    [InlineData("'acr': {'in': ['x', 'urn:mfa']}", "true authentication-ok")]
    [InlineData("'acr': 'urn:hsm'", "unknown authentication-unauthorized ask strongerauthentication")]
    [InlineData("'amr': {'has': 'otp'}", "true authentication-ok")]
    [InlineData("'amr': {'has_all': ['otp', 'hwk']}", "unknown authentication-unauthorized ask strongerauthentication")]
    [InlineData("'provider': 'corp'", "true authentication-ok")]
    [InlineData("'provider': 'other'", "false authentication-unauthorized")]
    [InlineData("'provider': 'other', 'acr': 'urn:hsm'", "false authentication-unauthorized")]
    [InlineData("'provider': 'corp', 'acr': 'urn:mfa', 'amr': 'pwd'", "true authentication-ok")]
    [InlineData("'provider': 'corp', 'acr': 'urn:mfa', 'amr': 'hwk'", "unknown authentication-unauthorized ask strongerauthentication")]
    public void A_sign_in_that_is_too_weak_can_be_made_stronger_and_one_elsewhere_cannot(string data, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'authentication': {" + data + "}}", Some.SignedIn()));

    [Theory]
    [InlineData("'acr': {'not': 'x'}", "unknown authentication-unauthorized ask strongerauthentication")]
    [InlineData("'amr': {'exclude': 'x'}", "unknown authentication-unauthorized ask strongerauthentication")]
    [InlineData("'provider': {'not': 'x'}", "unknown authentication-unauthorized")]
    [InlineData("'provider': {'not': 'x'}, 'acr': 'y'", "unknown authentication-unauthorized ask strongerauthentication")]
    public void A_provider_that_tells_nothing_leaves_it_unknown(string data, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'authentication': {" + data + "}}", Some.SignedIn(new SessionFacts { Id = "s1" })));
}
