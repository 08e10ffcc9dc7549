using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Targets;

namespace Doorward.Server.Tests.Proxy.Targets;

public class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b.html", "/a/b.html")]
    [InlineData("/%7Euser/%41%2d%2E%5f", "/~user/A-._")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/100%25", "/100%25")]
    [InlineData("/100%25x", "/100%25x")]
    [InlineData("/@scope%2fname", "/@scope%2Fname")]
    [InlineData("/a+b|c[d]{e}^`\"<>", "/a+b|c[d]{e}^`\"<>")]
    [InlineData("/matrix;a=1/b", "/matrix;a=1/b")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/a/..b/c..", "/a/..b/c..")]
    [InlineData("/%F0%9F%9A%AA", "/%F0%9F%9A%AA")]
    public void A_path_has_one_normal_form(string raw, string normal)
    {
        Assert.Equal(Defect.None, RequestTarget.Parse(raw, out var target));
        Assert.Equal(normal, target.Text);
        Assert.Equal(normal, target.PathText);
    }

    [Theory]
    [InlineData("/a?b=%2f..%zz\\{}|&c=//", "/a", "?b=%2f..%zz\\{}|&c=//")]
    [InlineData("/%61?", "/a", "?")]
    [InlineData("/?x?y", "/", "?x?y")]
    public void The_query_stays_as_it_was_sent(string raw, string path, string query)
    {
        Assert.Equal(Defect.None, RequestTarget.Parse(raw, out var target));
        Assert.Equal(path, target.Path);
        Assert.Equal(query, target.Query);
        Assert.Equal(path + query, target.Text);
    }

    [Theory]
    [InlineData("", nameof(Defect.TargetForm))]
    [InlineData("*", nameof(Defect.TargetForm))]
    [InlineData("a/b", nameof(Defect.TargetForm))]
    [InlineData("/a b", nameof(Defect.Space))]
    [InlineData("/a?b c", nameof(Defect.Space))]
    [InlineData("/a\tb", nameof(Defect.ControlCharacter))]
    [InlineData("/a\u007F", nameof(Defect.ControlCharacter))]
    [InlineData("/a%00", nameof(Defect.ControlCharacter))]
    [InlineData("/a%0a", nameof(Defect.ControlCharacter))]
    [InlineData("/a%7f", nameof(Defect.ControlCharacter))]
    [InlineData("/a%c2%85", nameof(Defect.ControlCharacter))]
    [InlineData("/a?b\u0001", nameof(Defect.ControlCharacter))]
    [InlineData("/a\\b", nameof(Defect.Backslash))]
    [InlineData("/a%5cb", nameof(Defect.Backslash))]
    [InlineData("/a#b", nameof(Defect.Fragment))]
    [InlineData("/a?b#c", nameof(Defect.Fragment))]
    [InlineData("/é", nameof(Defect.NotAscii))]
    [InlineData("/a?é", nameof(Defect.NotAscii))]
    [InlineData("/a%", nameof(Defect.BadEscape))]
    [InlineData("/a%2", nameof(Defect.BadEscape))]
    [InlineData("/a%u002e", nameof(Defect.BadEscape))]
    [InlineData("/a%%32%65", nameof(Defect.BadEscape))]
    [InlineData("/a%ff", nameof(Defect.InvalidUtf8))]
    [InlineData("/a%c0%ae", nameof(Defect.InvalidUtf8))]
    [InlineData("/a%e0%80%af", nameof(Defect.InvalidUtf8))]
    [InlineData("/a%ed%a0%80", nameof(Defect.InvalidUtf8))]
    [InlineData("/a%c3x", nameof(Defect.InvalidUtf8))]
    [InlineData("/a%c3%41", nameof(Defect.InvalidUtf8))]
    [InlineData("/a%2541", nameof(Defect.DoubleEncoding))]
    [InlineData("/a%25%32%46", nameof(Defect.DoubleEncoding))]
    [InlineData("/a%25%2525", nameof(Defect.DoubleEncoding))]
    public void What_could_be_read_in_two_ways_is_refused(string raw, string defect)
    {
        Assert.Equal(defect, RequestTarget.Parse(raw, out var target).ToString());
        Assert.Null(target.Text);
    }

    [Theory]
    [InlineData("/a//b", "/a/b")]
    [InlineData("//a", "/a")]
    [InlineData("/a;x=1/b;y", "/a/b")]
    [InlineData("/a%3bx/b", "/a/b")]
    [InlineData("/;/a", "/a")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a%ef%bc%8fb", "/a/b")]
    [InlineData("/a./b%20/c", "/a/b/c")]
    [InlineData("/a.", "/a")]
    [InlineData("/a/;x", "/a/")]
    [InlineData("/a/b", null)]
    [InlineData("/a%20b/c.d/", null)]
    [InlineData("/.well-known/x", null)]
    public void A_lenient_reading_shows_what_a_forgiving_server_would_find(string raw, string? lenient)
    {
        Assert.Equal(Defect.None, RequestTarget.Parse(raw, out var target));
        Assert.Equal(lenient, target.LenientPath);
        Assert.Equal(raw.Contains("%2F", StringComparison.OrdinalIgnoreCase), target.HasEncodedSlash);
    }

    [Theory]
    [InlineData("/.doorward", true)]
    [InlineData("/.doorward/callback?code=1", true)]
    [InlineData("/%2edoorward/x", true)]
    [InlineData("/.doorwardx", false)]
    [InlineData("/x/.doorward", false)]
    public void The_reserved_path_is_known_in_every_spelling(string raw, bool reserved)
    {
        Assert.Equal(Defect.None, RequestTarget.Parse(raw, out var target));
        Assert.Equal(reserved, target.IsReserved);
    }

    [Fact]
    public void A_normal_target_costs_no_allocation()
    {
        string[] normal = ["/", "/a/b/c.html?x=1&y=2", "/a%20b/%C3%A9?q", "/api/v1/items/42"];
        foreach (var raw in normal)
            RequestTarget.Parse(raw, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var raw in normal)
            RequestTarget.Parse(raw, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_rewritten_path_passes_the_same_check()
    {
        Assert.Equal(Defect.None, RequestTarget.Parse("/a?q=1", out var target));
        Assert.Equal(Defect.None, target.WithPath("/b", out var rewritten));
        Assert.Equal("/b?q=1", rewritten.Text);
        Assert.Equal(Defect.DotSegment, target.WithPath("/b/../c", out _));
        Assert.Equal(Defect.TargetForm, target.WithPath("b", out _));
    }
}
