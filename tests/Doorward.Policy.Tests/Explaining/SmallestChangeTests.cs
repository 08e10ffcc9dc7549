using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Explaining;

/// <summary>The fewest criteria that would have to say otherwise, and when the search for them gives up.</summary>
public class SmallestChangeTests
{
    [Theory]
    // What comes first is as short here as what comes second, and longer in the end.
    [InlineData("{'allow': {'or': [{'groups': 'x'}, {'groups': 'y'}]}}", "{'allow': {'and': [{'groups': 'y'}]}}", "you are in the group «y»")]
    [InlineData("{'allow': {'and': [{'groups': 'x'}]}}", "{'allow': {'and': [{'groups': 'x'}]}}", "you are in the group «x»")]
    public void One_change_that_does_for_two_policies_is_found(string one, string other, string asked)
    {
        var change = Policies.Of(one, other).Explain(Some.SignedIn()).Change!;
        Assert.Equal((asked, true), (Assert.Single(change.Criteria).Asked, change.Exact));
    }

    [Theory]
    [InlineData("[{'allow': {'and': [{'groups': 'x'}]}}, {'deny': {'or': [{'groups': 'x'}]}}]")]
    [InlineData("{'allow': {'and': [{'reject': true}, {'groups': 'x'}]}}")]
    public void What_cannot_be_is_not_asked_for(string policy) => Assert.Null(Policies.Of(policy).Explain(Some.SignedIn()).Change);

    [Fact]
    public void A_search_that_would_take_for_ever_gives_up_and_says_so()
    {
        var rules = string.Join(',', Enumerable.Range(0, 20).Select(i => $"{{'deny': {{'and': [{{'http_path': {{'not': '/a{i}'}}}}, {{'http_path': {{'not': '/b{i}'}}}}, {{'http_path': {{'not': '/c{i}'}}}}]}}}}"));
        var change = Policies.Of("[" + rules + ", {'allow': {'and': [{'accept': true}]}}]").Explain(Some.SignedIn()).Change!;
        Assert.Equal((20, false), (change.Criteria.Count, change.Exact));
    }

    [Theory]
    [InlineData(499, 1, true)]
    [InlineData(500, 0, false)]
    public void With_the_policy_five_hundred_things_are_asked_at_once_and_no_more(int denies, int found, bool exact)
    {
        var rules = string.Join(',', Enumerable.Range(0, denies).Select(i => $"{{'deny': {{'or': [{{'http_path': '/{i}'}}]}}}}"));
        var change = Policies.Of("[" + rules + ", {'allow': {'and': [{'http_method': 'PUT'}]}}]").Explain(Some.SignedIn()).Change!;
        Assert.Equal((found, exact), (change.Criteria.Count, change.Exact));
    }
}
