using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Reading;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("polcy", "policy")]
    [InlineData("polciy", "policy")]
    [InlineData("Policy", "policy")]
    [InlineData("prefix-rewrite", "prefix_rewrite")]
    [InlineData("tiemout", "timeout")]
    public void A_slip_of_the_finger_is_seen(string written, string meant) =>
        Assert.Equal(meant, Suggestion.Nearest(written, ["policy", "prefix_rewrite", "timeout", "to"]));

    [Theory]
    [InlineData("rate_limit")]
    [InlineData("x")]
    [InlineData("")]
    public void Something_else_is_not_taken_for_a_slip(string written) =>
        Assert.Null(Suggestion.Nearest(written, ["policy", "prefix_rewrite", "timeout", "from"]));
}
