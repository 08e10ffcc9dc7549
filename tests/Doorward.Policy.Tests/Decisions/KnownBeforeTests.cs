using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Decisions;

/// <summary>What a policy tells of itself before anything is known.</summary>
public class KnownBeforeTests
{
    [Theory]
    [InlineData("{'allow': {'and': [{'accept': true}]}}", false)]
    [InlineData("{'allow': {'or': [{'groups': 'x'}, {'accept': true}]}}", false)]
    [InlineData("{'allow': {'and': [{'groups': 'x'}, {'accept': true}]}}", true)]
    [InlineData("{'allow': {'not': [{'reject': true}]}}", false)]
    [InlineData("{'allow': {'not': [{'accept': true}]}}", true)]
    [InlineData("{'allow': {'nor': [{'reject': true}, {'groups': 'x'}]}}", false)]
    [InlineData("{'allow': {'nor': [{'accept': true}]}}", true)]
    [InlineData("{'allow': {'and': [{'reject': true}]}}", true)]
    [InlineData("{'allow': {'and': [{'http_method': 'GET'}]}}", true)]
    [InlineData("[{'allow': {'and': [{'accept': true}]}}, {'deny': {'or': [{'http_method': 'PUT'}]}}]", true)]
    [InlineData("[{'allow': {'and': [{'accept': true}]}}, {'deny': {'or': [{'reject': true}]}}]", false)]
    [InlineData("[{'allow': {'and': [{'reject': true}]}}, {'allow': {'and': [{'accept': true}]}}]", false)]
    [InlineData("{'deny': {'or': [{'accept': true}]}}", true)]
    public void Whether_it_can_refuse_strangers(string policy, bool can) => Assert.Equal(can, Policies.Of(policy).CanRefuseStrangers);

    [Fact]
    public void Without_a_policy_strangers_are_refused_and_a_guardrail_may_refuse_them()
    {
        const string Everybody = "{'allow': {'and': [{'accept': true}]}}";
        Assert.True(EffectivePolicy.DenyAll.CanRefuseStrangers);
        Assert.True(Policies.Of(Everybody, "{'allow': {'and': [{'groups': 'x'}]}}").CanRefuseStrangers);
        Assert.False(Policies.Of(Everybody, Everybody).CanRefuseStrangers);
        Assert.True(Policies.WithGuardrail(Everybody, "{'deny': {'or': [{'http_method': 'PUT'}]}}").CanRefuseStrangers);
        Assert.False(Policies.WithGuardrail(Everybody, "{'deny': {'or': [{'reject': true}]}}").CanRefuseStrangers);
    }

    [Fact]
    public void The_names_that_it_mentions()
    {
        var names = Policies.Of(
            "{'allow': {'and': [{'groups': {'has_any': ['a', 'B']}}, {'groups': {'has': 'c'}}, {'claim/x.y': 'z'}, {'claim/x.y': 'w'}, {'person/department': 'ops'}, {'device/os': 'x'}, {'http_header/x-a': 'b'}, {'http_query/q': 'r'},"
            + "{'record/badge': {'field': 'f', 'is': 'v'}}], 'or': [{'cors_preflight': true}, {'ssh_username_matches_claim': 'login'}]}}").Names;
        Assert.Equal(["B", "a", "c"], names.Groups.Order(StringComparer.Ordinal));
        Assert.Equal(["x.y", "x/y", "login"], names.Claims);
        Assert.Equal(["department"], names.PersonAttributes);
        Assert.Equal(["os"], names.DeviceAttributes);
        Assert.Equal(["q"], names.QueryParameters);
        Assert.Equal(["badge"], names.Records);
        Assert.Contains("x-a", names.Headers);
        Assert.Contains("origin", names.Headers, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("access-control-request-method", names.Headers, StringComparer.OrdinalIgnoreCase);
        Assert.Equal((false, false), (names.All, names.WholeGroups));
    }

    [Theory]
    [InlineData("{'groups': {'is': 'a'}}", true)]
    [InlineData("{'groups': {'has': {'starts_with': 'a'}}}", true)]
    [InlineData("{'groups': {'exclude': {'not': 'a'}}}", true)]
    [InlineData("{'groups': {'has': {'in': ['a', 'b']}}}", false)]
    [InlineData("{'groups': {'has': 'a', 'exclude': 'b'}}", false)]
    [InlineData("{'groups': {'has_all': ['a', 'b']}}", false)]
    [InlineData("{'groups': {'has': 'a', 'is': 'b'}}", true)]
    [InlineData("{'groups': {'has': {'is': 'a', 'starts_with': 'a'}}}", true)]
    [InlineData("{'accept': true}", false)]
    public void Whether_all_groups_matter(string criterion, bool whole) => Assert.Equal(whole, Policies.Allowing(criterion).Names.WholeGroups);

    [Fact]
    public void Which_groups_a_record_keeps()
    {
        var names = Policies.Allowing("{'groups': {'has_any': ['g1', 'Ops', 'x@y.z']}}").Names;
        Assert.True(names.Keeps(new GroupFact("G1")));
        Assert.True(names.Keeps(new GroupFact("g2", "ops")));
        Assert.True(names.Keeps(new GroupFact("g2", "dev", "X@y.z")));
        Assert.False(names.Keeps(new GroupFact("g2", "dev", "a@b.c")));
        Assert.True(FactNames.Everything.Keeps(new GroupFact("g2")));
        Assert.True(Policies.Allowing("{'groups': {'is': 'a'}}").Names.Keeps(new GroupFact("g2")));
    }

    [Theory]
    [InlineData("{'allow': {'and': [{'groups': 'sre'}]}}", true)]
    [InlineData("{'allow': {'or': [{'http_method': 'GET'}, {'groups': {'has_any': ['a', 'sre']}}]}}", true)]
    [InlineData("{'allow': {'and': [{'groups': {'has_all': ['a', 'g1']}}]}}", true)]
    [InlineData("{'allow': {'and': [{'groups': {'is': {'ends_with': '@example.com'}}}]}}", true)]
    [InlineData("{'allow': {'and': [{'groups': {'has': 'ops'}}]}}", false)]
    [InlineData("{'allow': {'and': [{'groups': {'exclude': 'sre'}}]}}", false)]
    [InlineData("{'allow': {'not': [{'groups': 'sre'}]}}", false)]
    [InlineData("{'allow': {'nor': [{'groups': 'sre'}]}}", false)]
    [InlineData("[{'allow': {'and': [{'accept': true}]}}, {'deny': {'or': [{'groups': 'sre'}]}}]", false)]
    public void Whether_it_asks_for_a_group(string policy, bool asks) => Assert.Equal(asks, Policies.Of(policy).AsksForGroup(new GroupFact("g1", "sre", "sre@example.com")));

    [Fact]
    public void What_a_flow_must_ask_for()
    {
        var policy = Policies.Of(
            "[{'allow': {'and': [{'session_age': {'under': '30m'}}, {'session_age': {'under': '10m'}}, {'authentication': {'acr': {'in': ['b', 'a']}}}, {'authentication': {'acr': 'b', 'amr': 'hwk'}}, {'authentication': {'amr': 'hwk'}}, {'authentication': {'acr': {'starts_with': 'c'}}},"
            + "{'device': {'type': 'tpm'}}, {'device': {'type': 'tpm', 'approved': true}}, {'session_age': {'under': '2h'}}]}}]");
        var ask = policy.Ask(Some.SignedIn());
        Assert.Equal(TimeSpan.FromMinutes(10), ask.MaxAge);
        Assert.Equal(["b", "a"], ask.AcrValues);
        Assert.Equal(["tpm"], ask.DeviceTypes);
        var nothing = Policies.Allowing("{'claim/x': 'y'}").Ask(Some.SignedIn());
        Assert.Null(nothing.MaxAge);
        Assert.Empty(nothing.AcrValues.Concat(nothing.DeviceTypes));
    }

    [Fact]
    public void Its_criteria_digest_and_kinds()
    {
        var policy = Policies.WithGuardrail("{'allow': {'and': [{'accept': true}, {'groups': 'x'}], 'or': [{'date': {'before': '2030-01-01'}}]}}", "{'deny': {'or': [{'source_ip': '10.0.0.0/8'}]}}");
        Assert.Equal(["accept", "groups", "date", "source_ip"], policy.Criteria.Select(criterion => criterion.Key));
        Assert.Matches("^[0-9a-f]{64}$", policy.Digest);
        Assert.NotEqual(policy.Digest, Policies.Of("{'allow': {'and': [{'accept': true}, {'groups': 'x'}], 'or': [{'date': {'before': '2030-01-01'}}]}}").Digest);
        Assert.Equal(FactKinds.Lock | FactKinds.Session | FactKinds.Groups | FactKinds.Time | FactKinds.Address, policy.Reads | FactKinds.Session);
    }
}
