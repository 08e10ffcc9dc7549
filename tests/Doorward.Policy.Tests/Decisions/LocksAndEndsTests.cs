using System.Net;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

public class LocksAndEndsTests
{
    private static readonly EffectivePolicy Everybody = Policies.Allowing("{'accept': true}");
    private static readonly EffectivePolicy SignedIn = Policies.Of("{'allow': {'and': [{'authenticated_user': true}]}, 'deny': {'or': [{'invalid_client_certificate': true}]}}");

    [Theory]
    [InlineData(LockKind.Address, "10.0.0.0/24", true)]
    [InlineData(LockKind.Address, "10.0.0.1", true)]
    [InlineData(LockKind.Address, "::ffff:10.0.0.1", true)]
    [InlineData(LockKind.Address, "10.0.1.0/24", false)]
    [InlineData(LockKind.Address, "2001:db8::/32", false)]
    [InlineData(LockKind.Address, "nonsense", true)]
    [InlineData(LockKind.Address, "", true)]
    [InlineData(LockKind.Route, "app", true)]
    [InlineData(LockKind.Route, "App", false)]
    [InlineData(LockKind.Route, "", true)]
    [InlineData(LockKind.Session, "s1", true)]
    [InlineData(LockKind.Session, "s2", false)]
    [InlineData(LockKind.Person, "u1", true)]
    [InlineData(LockKind.Person, "s1", false)]
    [InlineData(LockKind.Group, "g2", true)]
    [InlineData(LockKind.Group, "sre", false)]
    [InlineData(LockKind.Group, "", true)]
    [InlineData(LockKind.Device, "d1", true)]
    [InlineData(LockKind.Device, "d2", false)]
    [InlineData(LockKind.Device, "", true)]
    public void A_lock_refuses_whom_it_matches(LockKind kind, string key, bool locked)
    {
        var decision = Everybody.Decide(Some.SignedIn(device: Some.Device(), locks: new LockSet([new Lock(kind, key)])));
        Assert.Equal(locked ? (Outcome.Deny, "locked") : (Outcome.Allow, "accept"), (decision.Outcome, decision.Reasons.ToString()));
        Assert.Equal(Truth.True, decision.Allow);
        Assert.Equal(locked, decision.Rules.IsEmpty);
    }

    [Theory]
    [InlineData(LockKind.Address, "nonsense")]
    [InlineData(LockKind.Route, "")]
    [InlineData(LockKind.Session, "")]
    [InlineData(LockKind.Person, "")]
    [InlineData(LockKind.Group, "")]
    [InlineData(LockKind.Device, "")]
    public void What_is_not_known_matches_no_lock(LockKind kind, string key) =>
        Assert.Equal(Outcome.Allow, Everybody.Decide(new Facts { Now = Some.Now, Locks = new LockSet([new Lock(kind, key)]) }).Outcome);

    [Fact]
    public void A_lock_without_a_key_matches_everything_of_its_kind() =>
        Assert.Equal("locked", Everybody.Decide(Some.SignedIn(locks: new LockSet([new Lock(LockKind.Person, null!)]))).Reasons.ToString());

    [Fact]
    public void A_lock_goes_before_certificates_and_signing_in()
    {
        var locks = new LockSet([new Lock(LockKind.Address, "10.0.0.1")]);
        var decision = SignedIn.Decide(new Facts { Now = Some.Now, SourceIp = IPAddress.Parse("10.0.0.1"), Locks = locks });
        Assert.Equal((Outcome.Deny, "locked", Remedies.None), (decision.Outcome, decision.Reasons.ToString(), decision.Remedies));
    }

    [Fact]
    public void A_lock_holds_also_where_the_session_is_over()
    {
        var session = new SessionFacts { Id = "s1", Expires = Some.Now };
        foreach (var held in new[] { new Lock(LockKind.Session, "s1"), new Lock(LockKind.Person, "u1"), new Lock(LockKind.Group, "g1") })
            Assert.Equal("locked", SignedIn.Decide(Some.SignedIn(session, locks: new LockSet([held]))).Reasons.ToString());
    }

    [Theory]
    [InlineData(-1, "ended")]
    [InlineData(0, "ended")]
    [InlineData(1, "accept")]
    public void A_person_is_refused_from_their_end_date_on(int ticks, string reasons)
    {
        var person = new PersonFacts { Id = "u1", EndDate = Some.Now.AddTicks(ticks) };
        var decision = Everybody.Decide(Some.SignedIn(person: person));
        Assert.Equal(reasons, decision.Reasons.ToString());
        Assert.Equal(ticks > 0 ? person.EndDate : null, decision.ValidUntil);
    }

    [Fact]
    public void An_inactive_person_is_refused_everywhere_also_where_the_session_is_over()
    {
        var person = new PersonFacts { Id = "u1", Active = false };
        foreach (var session in new[] { Some.Session(), new SessionFacts { Id = "s1", Expires = Some.Now } })
            Assert.Equal((Outcome.Deny, "ended"), (Everybody.Decide(Some.SignedIn(session, person)).Outcome, Everybody.Decide(Some.SignedIn(session, person)).Reasons.ToString()));
    }

    [Fact]
    public void A_lock_is_told_before_an_end()
    {
        var decision = Everybody.Decide(Some.SignedIn(person: new PersonFacts { Id = "u1", Active = false }, locks: new LockSet([new Lock(LockKind.Person, "u1")])));
        Assert.Equal("locked", decision.Reasons.ToString());
    }
}
