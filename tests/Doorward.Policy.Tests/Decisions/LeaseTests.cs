using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

/// <summary>Until when an answer holds.</summary>
public class LeaseTests
{
    private static readonly DateTimeOffset Now = Some.Now;

    [Fact]
    public void An_answer_without_time_in_it_holds_for_ever() =>
        Assert.Null(Policies.Allowing("{'http_path': '/'}").Decide(Some.SignedIn(new SessionFacts { Id = "s1", Expires = Now.AddHours(1) })).ValidUntil);

    [Fact]
    public void The_end_of_a_session_counts_where_a_criterion_is_about_a_person()
    {
        var facts = Some.SignedIn(new SessionFacts { Id = "s1", Expires = Now.AddHours(1) });
        Assert.Equal(Now.AddHours(1), Policies.Of("{'allow': {'or': [{'accept': true}, {'groups': 'x'}]}}").Decide(facts).ValidUntil);
        Assert.Equal(Now.AddHours(1), Policies.WithGuardrail("{'allow': {'or': [{'accept': true}]}}", "{'deny': {'or': [{'risk': {'under': 'medium'}}]}}").Decide(facts).ValidUntil);
    }

    [Fact]
    public void A_session_that_is_over_changes_nothing_any_more()
    {
        var session = new SessionFacts { Id = "s1", Expires = Now, AuthTime = Now };
        Assert.Null(Policies.Allowing("{'session_age': {'under': '1h'}}").Decide(Some.SignedIn(session)).ValidUntil);
    }

    [Fact]
    public void The_nearest_of_all_instants_counts_whatever_the_rest_says()
    {
        var policy = Policies.Of("{'allow': {'or': [{'accept': true}, {'session_age': {'under': '3h'}}, {'date': {'after': '2026-01-01T12:00:00Z'}}, {'date': {'before': '2026-01-01T08:00:00Z'}}]}}");
        Assert.Equal(Now.AddHours(2), policy.Decide(Some.SignedIn()).ValidUntil);
        Assert.Equal(Now.AddHours(3), policy.Decide(Some.SignedIn(new SessionFacts { Id = "s1" })).ValidUntil);
        Assert.Equal(Now.AddHours(1), policy.Decide(Some.SignedIn(new SessionFacts { Id = "s1", Expires = Now.AddHours(1) })).ValidUntil);
        Assert.Equal(Now.AddMinutes(5), policy.Decide(Some.SignedIn(person: new PersonFacts { Id = "u1", EndDate = Now.AddMinutes(5) })).ValidUntil);
        Assert.Equal(Now.AddHours(3), policy.Decide(Some.Stranger()).ValidUntil);
    }

    [Fact]
    public void The_instants_of_what_refuses_count_too()
    {
        const string Everybody = "{'allow': {'or': [{'accept': true}]}}";
        const string FromNoon = "{'deny': {'or': [{'date': {'after': '2026-01-01T12:00:00Z'}}]}}";
        Assert.Equal(Now.AddHours(3), Policies.Of("[" + Everybody + ", " + FromNoon + "]").Decide(Some.Stranger()).ValidUntil);
        Assert.Equal(Now.AddHours(3), Policies.WithGuardrail(Everybody, FromNoon).Decide(Some.Stranger()).ValidUntil);
    }

    [Fact]
    public void A_sign_in_that_is_too_old_already_changes_no_more() =>
        Assert.Null(Policies.Allowing("{'session_age': {'under': '1h'}}").Decide(Some.SignedIn()).ValidUntil);

    [Fact]
    public void An_instant_past_the_end_of_time_is_none()
    {
        var session = new SessionFacts { Id = "s1", AuthTime = DateTimeOffset.MaxValue.AddMinutes(-1) };
        Assert.Null(Policies.Allowing("{'session_age': {'under': '1h'}}").Decide(Some.SignedIn(session)).ValidUntil);
        Assert.Equal(DateTimeOffset.MaxValue, Policies.Allowing("{'session_age': {'under': '1m'}}").Decide(Some.SignedIn(session)).ValidUntil);
    }

    [Fact]
    public void A_locked_or_ended_answer_holds_until_somebody_acts()
    {
        var policy = Policies.Allowing("{'date': {'after': '2026-01-01T12:00:00Z'}}");
        Assert.Null(policy.Decide(Some.SignedIn(locks: new LockSet([new Lock(LockKind.Route, "app")]))).ValidUntil);
        Assert.Null(policy.Decide(Some.SignedIn(person: new PersonFacts { Id = "u1", Active = false, EndDate = Now.AddHours(1) })).ValidUntil);
    }

    [Fact]
    public void An_instant_is_told_in_utc()
    {
        var session = new SessionFacts { Id = "s1", AuthTime = Now.ToOffset(TimeSpan.FromHours(5)) };
        Assert.Equal(TimeSpan.Zero, Policies.Allowing("{'session_age': {'under': '1h'}}").Decide(Some.SignedIn(session)).ValidUntil!.Value.Offset);
    }
}
