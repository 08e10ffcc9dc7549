using CsCheck;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Targets;

namespace Doorward.Server.Tests.Proxy.Targets;

/// <summary>The family PB: every spelling by which some server leaves one path for another.</summary>
public class PathSpellingTests
{
    private static readonly string[] Dots = [".", "%2e", "%2E", "%252e", "%c0%ae", "%e0%80%ae", "%u002e", "%ef%bc%8e", "%e2%80%a4", "%uff0e", "0x2e"];

    private static readonly string[] Slashes =
        ["/", "//", "%2f", "%2F", "%252f", "\\", "%5c", "%255c", "%c0%af", "%ef%bc%8f", "%ef%bc%bc", "/;/", ";/", ";a=b/", "%3b/", "/%20/", "%0d/", "%09/", "%00/", " /", "%20/", "./"];

    /// <summary>Every composition of two dots and a slash, before and behind the public path.</summary>
    public static IEnumerable<string> Escapes() =>
        from first in Dots
        from second in Dots
        from slash in Slashes
        from shape in (string[])["/public/{0}{1}admin/secret", "/public{1}{0}{1}admin/secret", "/public/x/{0}{1}{0}{1}admin", "/admin/secret/{0}{1}{0}", "/{0}{1}admin"]
        select string.Format(null, shape, first + second, slash);

    [Fact]
    [Trait("advisory", "34")]
    [Trait("advisory", "36")]
    [Trait("advisory", "27")]
    [Trait("advisory", "100")]
    [Trait("advisory", "69")]
    public void No_spelling_of_a_dot_segment_passes()
    {
        foreach (var spelling in Escapes())
        {
            var defect = RequestTarget.Parse(spelling, out var target);
            if (defect == Defect.None)
                Assert.False(ForgivingServer.LeavesItsPath(target.Text), $"{spelling} passed as {target.Text}");
        }
    }

    [Fact]
    public void Most_spellings_are_refused_and_the_rest_stay_where_they_are()
    {
        var passed = Escapes().Where(spelling => RequestTarget.Parse(spelling, out _) == Defect.None).ToList();
        Assert.All(passed, spelling => Assert.Contains("0x2e", spelling, StringComparison.Ordinal));
    }

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf<string>((string[])[.. Dots, .. Slashes, "admin", "public", "%", "%4", "?", "#", "a", "%61", "%C3%A9", "%c3", "~", "%7e", ";x=1", "%25", "é"]),
        Gen.Char[' ', '~'].Select(c => c.ToString()),
        Gen.Byte.Select(b => $"%{b:x2}"));

    private static readonly Gen<string> Target = Piece.Array[0, 12].Select(pieces => "/" + string.Concat(pieces));

    [Fact]
    public void The_normal_form_is_its_own_normal_form() => Target.Sample(raw =>
    {
        if (RequestTarget.Parse(raw, out var once) != Defect.None)
            return true;
        return RequestTarget.Parse(once.Text, out var twice) == Defect.None
            && twice.Text == once.Text && twice.LenientPath == once.LenientPath && twice.PathLength == once.PathLength;
    }, iter: 200_000);

    [Fact]
    public void What_passes_means_the_same_to_strict_and_forgiving_servers() => Target.Sample(raw =>
    {
        if (RequestTarget.Parse(raw, out var target) != Defect.None)
            return true;
        return !ForgivingServer.LeavesItsPath(target.Text)
            && ForgivingServer.Elements(target.PathText).SequenceEqual(ForgivingServer.Elements(target.LenientPath ?? target.PathText));
    }, iter: 200_000);

    [Fact]
    public void Escaping_an_unreserved_character_changes_nothing() =>
        Gen.Select(Gen.Char["abcXYZ019-._~"].Array[1, 20], Gen.Bool.Array[20], Gen.Bool).Sample((text, escaped, upper) =>
        {
            var plain = "/x" + new string(text) + "x";
            var spelled = "/x" + string.Concat(text.Select((c, i) => escaped[i] ? Escape(c, upper) : c.ToString())) + "x";
            return RequestTarget.Parse(spelled, out var target) == Defect.None && target.Text == plain;
        });

    [Fact]
    public void A_path_longer_than_the_stack_buffer_is_treated_alike()
    {
        var raw = "/" + string.Concat(Enumerable.Repeat("%61%2f", 2000));
        Assert.Equal(Defect.None, RequestTarget.Parse(raw, out var target));
        Assert.Equal("/" + string.Concat(Enumerable.Repeat("a%2F", 2000)), target.Text);
        Assert.Equal(Defect.DotSegment, RequestTarget.Parse(raw + "..", out _));
    }

    private static string Escape(char c, bool upper) => upper ? $"%{(int)c:X2}" : $"%{(int)c:x2}";
}
