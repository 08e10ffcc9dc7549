using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

/// <summary>The steps from truth to outcome. Criteria stand in for truths: T true, F false, and unknowns by what they ask for.</summary>
public class DecisionStepsTests
{
    private const string T = "{'accept': true}";
    private const string F = "{'reject': true}";
    private const string Fresh = "{'session_age': {'under': '1m'}}";
    private const string Stronger = "{'authentication': {'acr': 'hsm'}}";
    private const string Device = "{'device': {'type': 'any'}}";
    private const string Hopeless = "{'claim/absent': 'x'}";
    private const string Certificate = "{'invalid_client_certificate': true}";

    public static TheoryData<string, string, Outcome, string, Remedies> Rows => new()
    {
        // Deny is true, or unknown without a remedy.
        { T, T, Outcome.Deny, "accept", Remedies.None },
        { Fresh, T, Outcome.Deny, "accept", Remedies.None },
        { T, Hopeless, Outcome.Deny, "claim-unauthorized", Remedies.None },
        { Fresh, Hopeless, Outcome.Deny, "claim-unauthorized", Remedies.None },
        // Allow is true and deny false.
        { T, F, Outcome.Allow, "accept", Remedies.None },
        // The answer hangs on an unknown.
        { T, Fresh, Outcome.StepUp, "session-age-unauthorized", Remedies.FreshSignIn },
        { T, Device, Outcome.Device, "device-unauthenticated", Remedies.Device },
        { Fresh, F, Outcome.StepUp, "session-age-unauthorized", Remedies.FreshSignIn },
        { Stronger, F, Outcome.StepUp, "authentication-unauthorized", Remedies.StrongerAuthentication },
        { Device, F, Outcome.Device, "device-unauthenticated", Remedies.Device },
        { Fresh, Device, Outcome.StepUp, "device-unauthenticated session-age-unauthorized", Remedies.FreshSignIn | Remedies.Device },
        { Fresh + "," + Device, F, Outcome.StepUp, "device-unauthenticated session-age-unauthorized", Remedies.FreshSignIn | Remedies.Device },
        { Fresh + "," + Hopeless, F, Outcome.StepUp, "claim-unauthorized session-age-unauthorized", Remedies.FreshSignIn },
        // By default.
        { F, F, Outcome.Deny, "reject", Remedies.None },
        { F, Fresh, Outcome.Deny, "reject", Remedies.None },
        { Hopeless, F, Outcome.Deny, "claim-unauthorized", Remedies.None },
        { Hopeless, Fresh, Outcome.Deny, "claim-unauthorized", Remedies.None },
        // Certificate trouble goes before the rest, but only where deny is true by it.
        { T, Certificate, Outcome.Certificate, "client-certificate-required", Remedies.None },
        { F, Certificate, Outcome.Certificate, "client-certificate-required", Remedies.None },
        { T, Certificate + "," + T, Outcome.Certificate, "accept client-certificate-required", Remedies.None },
        { Certificate, F, Outcome.Allow, "client-certificate-required", Remedies.None },
        { Certificate, T, Outcome.Deny, "accept", Remedies.None },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Two_truths_come_to_an_outcome(string allow, string deny, Outcome outcome, string reasons, Remedies remedies)
    {
        var decision = Policies.Of($"{{'allow': {{'and': [{allow}]}}, 'deny': {{'or': [{deny}]}}}}").Decide(Some.SignedIn());
        Assert.Equal((outcome, reasons, remedies), (decision.Outcome, string.Join(' ', decision.Reasons.Codes()), decision.Remedies));
    }

    [Fact]
    public void Signing_in_goes_before_stepping_up_and_that_before_a_device()
    {
        var policy = Policies.Of($"{{'allow': {{'and': [{Fresh}, {Device}]}}}}");
        Assert.Equal((Outcome.SignIn, Remedies.SignIn), Of(policy.Decide(Some.Stranger())));
        Assert.Equal((Outcome.StepUp, Remedies.FreshSignIn | Remedies.Device), Of(policy.Decide(Some.SignedIn())));
        Assert.Equal((Outcome.Device, Remedies.Device), Of(policy.Decide(Some.SignedIn(new SessionFacts { Id = "s1", AuthTime = Some.Now }))));
        static (Outcome, Remedies) Of(Decision decision) => (decision.Outcome, decision.Remedies);
    }

    [Theory]
    // Only what has not failed is asked again; where nothing is left to ask, it is refused.
    [InlineData(Fresh, F, Remedies.FreshSignIn, Outcome.Deny, Remedies.None, true)]
    [InlineData(Fresh, F, Remedies.Device, Outcome.StepUp, Remedies.FreshSignIn, false)]
    [InlineData(Fresh + "," + Device, F, Remedies.FreshSignIn, Outcome.Device, Remedies.Device, false)]
    [InlineData(Fresh + "," + Device, F, Remedies.FreshSignIn | Remedies.Device, Outcome.Deny, Remedies.None, true)]
    [InlineData(T, Fresh, Remedies.FreshSignIn, Outcome.Deny, Remedies.None, true)]
    [InlineData(Fresh, Device, Remedies.FreshSignIn, Outcome.Deny, Remedies.None, true)]
    [InlineData(Fresh, Device, Remedies.Device, Outcome.Deny, Remedies.None, true)]
    [InlineData(Fresh, Device, Remedies.StrongerAuthentication, Outcome.StepUp, Remedies.FreshSignIn | Remedies.Device, false)]
    [InlineData(T, F, Remedies.FreshSignIn, Outcome.Allow, Remedies.None, false)]
    public void What_came_back_without_the_fact_is_not_asked_again(string allow, string deny, Remedies failed, Outcome outcome, Remedies asked, bool stepUpFailed)
    {
        var session = new SessionFacts { Id = "s1", AuthTime = Some.Now.AddHours(-1), Failed = failed };
        var decision = Policies.Of($"{{'allow': {{'and': [{allow}]}}, 'deny': {{'or': [{deny}]}}}}").Decide(Some.SignedIn(session));
        Assert.Equal((outcome, asked, stepUpFailed), (decision.Outcome, decision.Remedies, decision.Reasons.Has(Reason.StepUpFailed)));
    }

    [Fact]
    public void What_failed_in_a_session_that_is_over_is_asked_like_of_anybody()
    {
        var session = new SessionFacts { Id = "s1", Expires = Some.Now, Failed = Remedies.SignIn };
        Assert.Equal(Outcome.SignIn, Policies.Allowing("{'authenticated_user': true}").Decide(Some.SignedIn(session)).Outcome);
    }

    [Fact]
    public void No_rules_refuse_everybody()
    {
        foreach (var policy in new[] { EffectivePolicy.DenyAll, Policies.Of("[]"), Policies.Of("{'allow': {'and': []}}"), Policies.Of("{'deny': {'or': [" + F + "]}}") })
        {
            var decision = policy.Decide(Some.SignedIn());
            Assert.Equal((Outcome.Deny, Truth.False, Truth.False), (decision.Outcome, decision.Allow, decision.Deny));
            Assert.Empty(decision.AllowReasons.Codes());
            Assert.True(decision.Rules.IsEmpty);
        }
    }

    [Fact]
    public void The_default_of_a_decision_refuses() => Assert.Equal(Outcome.Deny, default(Decision).Outcome);
}
