using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class GroupsTests
{
    private static readonly GroupFact[] Two = [new("g1", "sre", "sre@example.com"), new("g2", "dev")];

    [Theory]
    [InlineData("'s.e'")]
    [InlineData("'sr*'")]
    [InlineData("'.*'")]
    [InlineData("'sre|dev'")]
    [InlineData("{'has': 'sre@example.'}")]
    [InlineData("{'has_any': ['g.', '*']}")]
    [Trait("advisory", "145")]
    public void What_stands_for_any_letter_elsewhere_stands_for_itself_in_a_name(string matcher) =>
        Assert.Equal("false groups-unauthorized", Verdict.Of("{'groups': " + matcher + "}", Some.SignedIn(person: Some.Person(groups: Two))));

    [Theory]
    [InlineData("'g1'", true)]
    [InlineData("'sre'", true)]
    [InlineData("'sre@example.com'", true)]
    [InlineData("'g2'", true)]
    [InlineData("'ops'", false)]
    [InlineData("'SRE'", false)]
    [InlineData("{'has': 'dev'}", true)]
    [InlineData("{'has': {'starts_with': 's', 'ends_with': 'e'}}", true)]
    [InlineData("{'has': {'starts_with': 'g', 'ends_with': 'e'}}", false)]
    [InlineData("{'has': {'not': 'dev'}}", true)]
    [InlineData("{'has': {'not_in': ['g1', 'dev']}}", false)]
    [InlineData("{'has': {'not_in': ['sre@example.com', 'g2']}}", false)]
    [InlineData("{'has': {'starts_with': 'g', 'not': 'dev'}}", true)]
    [InlineData("{'has': {'ends_with': '2', 'not': 'dev'}}", false)]
    [InlineData("{'has_any': ['ops', 'dev']}", true)]
    [InlineData("{'has_any': ['ops', 'qa']}", false)]
    [InlineData("{'has_any': ['ops', 'qa', 'x', 'y', 'sre@example.com']}", true)]
    [InlineData("{'has_any': ['a', 'b', 'c', 'd', 'e', 'f', 'h', 'i', 'j', 'sre@example.com']}", true)]
    [InlineData("{'has_any': ['a', 'b', 'c', 'd', 'e', 'f', 'h', 'i', 'j', 'k']}", false)]
    [InlineData("{'has_any': ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'dev', 'dev']}", true)]
    [InlineData("{'has_any': ['', 'b', 'c', 'd', 'e', 'f', 'h', 'i', 'j', 'k']}", false)]
    [InlineData("{'has_any': []}", false)]
    [InlineData("{'has_all': ['g1', 'sre', 'sre@example.com', 'dev', 'g2']}", true)]
    [InlineData("{'has_all': ['dev', 'dev', 'dev', 'dev', 'dev', 'dev', 'dev']}", true)]
    [InlineData("{'has_all': ['dev', 'ops']}", false)]
    [InlineData("{'has_all': ['a', 'b', 'c', 'd', 'e', 'f', 'dev']}", false)]
    [InlineData("{'has_all': []}", true)]
    [InlineData("{'is': 'sre'}", false)]
    [InlineData("{'exclude': 'ops'}", true)]
    [InlineData("{'exclude': 'sre@example.com'}", false)]
    [InlineData("{'exclude': {'starts_with': 'd'}}", false)]
    [InlineData("{'has': 'sre', 'exclude': 'ops'}", true)]
    [InlineData("{'has': 'sre', 'exclude': 'dev'}", false)]
    public void A_group_goes_by_its_id_name_or_address(string matcher, bool holds)
    {
        foreach (IReadOnlyList<GroupFact> groups in new IReadOnlyList<GroupFact>[] { Two, Two.ToList(), System.Collections.Immutable.ImmutableList.Create(Two) })
            Assert.Equal(holds ? "true groups-ok" : "false groups-unauthorized", Verdict.Of("{'groups': " + matcher + "}", Some.SignedIn(person: Some.Person(groups: groups))));
    }

    [Fact]
    public void A_list_that_is_changed_after_the_person_was_made_changes_no_answer()
    {
        var groups = new List<GroupFact> { new("g1", "sre") };
        var person = Some.Person(groups: groups);
        groups[0] = new("g2", "dev");
        Assert.Equal("true groups-ok", Verdict.Of("{'groups': 'sre'}", Some.SignedIn(person: person)));
        Assert.Equal("false groups-unauthorized", Verdict.Of("{'groups': {'has': {'starts_with': 'd'}}}", Some.SignedIn(person: person)));
    }

    [Theory]
    [InlineData("{'is': 'sre'}", true)]
    [InlineData("{'is': 'g1'}", true)]
    [InlineData("{'is': 'dev'}", false)]
    [InlineData("{'is': {'starts_with': 's'}}", true)]
    public void Is_asks_for_one_group_alone(string matcher, bool holds) =>
        Assert.Equal(holds ? "true groups-ok" : "false groups-unauthorized", Verdict.Of("{'groups': " + matcher + "}", Some.SignedIn(person: Some.Person(groups: [Two[0]]))));

    [Fact]
    public void One_group_may_go_by_all_the_names_asked() =>
        Assert.Equal("true groups-ok", Verdict.Of("{'groups': {'has_all': ['g1', 'sre', 'sre@example.com']}}", Some.SignedIn(person: Some.Person(groups: [Two[0]]))));

    [Fact]
    public void Names_of_one_hash_are_told_apart()
    {
        var (one, other) = OfOneHash();
        var further = string.Concat(Enumerable.Range(0, 20).Select(i => $", 'x{i}'"));
        foreach (var asked in new[] { "'" + one + "'", "{'has_any': ['" + one + "', 'x']}", "{'has_any': ['" + one + "'" + further + "]}", "{'has_all': ['" + one + "']}" })
        {
            Assert.Equal("false groups-unauthorized", Verdict.Of("{'groups': " + asked + "}", Some.SignedIn(person: Some.Person(groups: [new(other)]))));
            Assert.Equal("true groups-ok", Verdict.Of("{'groups': " + asked + "}", Some.SignedIn(person: Some.Person(groups: [new(other), new(one)]))));
            Assert.Equal("true groups-ok", Verdict.Of("{'groups': " + asked + "}", Some.SignedIn(person: Some.Person(groups: [new(one), new(other)]))));
        }

        foreach (var group in new[] { one, other })
            Assert.Equal("true groups-ok", Verdict.Of("{'groups': {'has_any': ['" + one + "', '" + other + "'" + further + "]}}", Some.SignedIn(person: Some.Person(groups: [new(group)]))));
    }

    /// <summary>Two texts of one hash in this process: of some hundred thousand there are such.</summary>
    private static (string One, string Other) OfOneHash()
    {
        var seen = new Dictionary<int, string>();
        for (var number = 0; ; number++)
            if (!seen.TryAdd(string.GetHashCode($"g{number}".AsSpan()), $"g{number}")) return (seen[string.GetHashCode($"g{number}".AsSpan())], $"g{number}");
    }

    [Theory]
    [InlineData("{'has': 'sre'}", "false groups-unauthorized")]
    [InlineData("{'exclude': 'sre'}", "true groups-ok")]
    [InlineData("{'has_all': ['sre']}", "false groups-unauthorized")]
    [InlineData("{'has_all': []}", "true groups-ok")]
    [InlineData("{'is': 'sre'}", "false groups-unauthorized")]
    public void No_groups_at_all_are_known(string matcher, string verdict) =>
        Assert.Equal(verdict, Verdict.Of("{'groups': " + matcher + "}", Some.SignedIn(person: Some.Person(groups: []))));

    [Theory]
    [InlineData("{'has': 'sre'}")]
    [InlineData("{'exclude': 'sre'}")]
    public void Groups_that_nobody_delivered_are_unknown(string matcher) =>
        Assert.Equal("unknown groups-unauthorized", Verdict.Of("{'groups': " + matcher + "}", Some.SignedIn(person: new PersonFacts { Id = "u1" })));

    [Theory]
    [InlineData("or", Outcome.Allow)]
    [InlineData("not", Outcome.Deny)]
    public void Names_asked_one_by_one_say_the_same_as_names_asked_together(string kind, Outcome outcome)
    {
        var criteria = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"{{'groups': 'group-{i}'}},{{'email': 'person-{i}@example.com'}},{{'claim/team': 'team-{i}'}}"));
        var policy = Policies.Of($"{{'allow': {{'{kind}': [{criteria}, {{'user': 'nobody'}}]}}}}");
        Assert.Equal(outcome, policy.Decide(Some.SignedIn(person: Some.Person("person-999@example.com"))).Outcome);
        Assert.Equal(outcome, policy.Decide(Some.SignedIn(person: Some.Person(groups: [new("x", "group-0")]))).Outcome);
        var none = policy.Decide(Some.SignedIn(new SessionFacts { Id = "s1", Claims = new Dictionary<string, FactValue> { ["team"] = new("other") } }));
        Assert.Equal(outcome == Outcome.Allow ? Truth.False : Truth.True, none.Allow);
        Assert.Equal(["user-unauthorized", "email-unauthorized", "groups-unauthorized", "claim-unauthorized"], none.AllowReasons.Codes());
    }
}
