using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Tests.Routes.Matching;

public sealed class PathFormTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/%61", "/a")]
    [InlineData("/a%2fb", "/a%2Fb")]
    [InlineData("/bücher", "/b%C3%BCcher")]
    [InlineData("/%c3%bc", "/%C3%BC")]
    [InlineData("/a;v=1", "/a;v=1")]
    [InlineData("/%7Eada", "/~ada")]
    [InlineData("/\"", "/%22")]
    [InlineData("/😀", "/%F0%9F%98%80")]
    public void A_written_path_gets_the_form_of_requests(string written, string form) => Assert.Equal(form, PathForm.Of(written));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a b")]
    [InlineData("/a?b")]
    [InlineData("/a#b")]
    [InlineData("/a\\b")]
    [InlineData("/%5C")]
    [InlineData("/%00")]
    [InlineData("/%2")]
    [InlineData("/%zz")]
    [InlineData("/a/../b")]
    [InlineData("/a/.")]
    [InlineData("/a/..;x/b")]
    [InlineData("/%2e%2e/b")]
    [InlineData("/a\u0001")]
    public void A_path_that_no_request_can_have_is_none(string written) => Assert.Null(PathForm.Of(written));
}
