using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Tests.Routes.Matching;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("App.Example.COM", "app.example.com")]
    [InlineData("app.example.com.", "app.example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[0:0:0:0:0:0:0:1]", "[::1]")]
    [InlineData("_dmarc.example.com", "_dmarc.example.com")]
    [InlineData("localhost", "localhost")]
    public void A_host_has_one_spelling(string written, string canonical) => Assert.Equal(canonical, HostName.Canonical(written));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("-a.test")]
    [InlineData("a-.test")]
    [InlineData("a b.test")]
    [InlineData("a/b")]
    [InlineData("a:1")]
    [InlineData("*")]
    [InlineData("a*.test")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("[::1%eth0]")]
    [InlineData("[10.0.0.1]")]
    [InlineData("[::1")]
    [InlineData("a\u0000.test")]
    [InlineData("a\u2024b.test")]
    [InlineData("xn--\u00fc.test")]
    public void What_is_no_host_is_none(string written) => Assert.Null(HostName.Canonical(written));

    [Fact]
    public void A_host_is_at_most_253_characters_long()
    {
        var long253 = string.Join('.', Enumerable.Repeat(new string('a', 61), 4)) + ".abcde";
        Assert.Equal(253, long253.Length);
        Assert.NotNull(HostName.Canonical(long253));
        Assert.Null(HostName.Canonical(long253 + "f"));
        Assert.Null(HostName.Canonical(new string('a', 64) + ".test"));
    }

    [Theory]
    [InlineData("a.test", "a.test", true)]
    [InlineData("*.test", "a.test", true)]
    [InlineData("*.test", "b.a.test", false)]
    [InlineData("*.test", "*.test", true)]
    [InlineData("*.test", "*.a.test", false)]
    [InlineData("**.test", "b.a.test", true)]
    [InlineData("**.test", "*.a.test", true)]
    [InlineData("**.test", "test", false)]
    [InlineData("**.test", "**.a.test", true)]
    [InlineData("**.a.test", "**.b.test", false)]
    [InlineData("**.est", "a.test", false)]
    [InlineData("*", "*.a.test", true)]
    public void Patterns_overlap_where_a_host_is_one_of_both(string a, string b, bool overlap)
    {
        Assert.Equal(overlap, Pattern(a).Overlaps(Pattern(b)));
        Assert.Equal(overlap, Pattern(b).Overlaps(Pattern(a)));
    }

    // Two stars stand for a suffix here.
    private static HostPattern Pattern(string written) =>
        written.StartsWith("**", StringComparison.Ordinal) ? Tables.Host(written[1..], HostPatternKind.Suffix) : Tables.Host(written);
}
