using Doorward.Server.Identity.SignIn;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>Where a redirect of ours may lead: the families of open redirects.</summary>
public sealed class DestinationTests
{
    private static readonly Destinations _destinations = new(new Uri("https://door.example.com"), (host, port) => host == "app.example.com" && port == 443);

    [Theory]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com:443/a")]
    [InlineData("https://APP.example.com/a?b=c")]
    [InlineData("https://app.example.com//evil.test/..")]
    [InlineData("https://door.example.com/")]
    public void Our_own_hosts_are_led_to(string url) => Assert.NotNull(_destinations.Check(url));

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("http://app.example.com/")]
    [InlineData("//evil.test/")]
    [InlineData("/%09/evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("https:\\\\app.example.com\\")]
    [InlineData("https://app.example.com\\@evil.test/")]
    [InlineData("https://app.example.com@evil.test/")]
    [InlineData("https://app.example.com:443@evil.test/")]
    [InlineData("https://evil.test@app.example.com/")]
    [InlineData("https://app.example.com.evil.test/")]
    [InlineData("https://evilapp.example.com/")]
    [InlineData("https://appXexample.com/")]
    [InlineData("https://app.example.com:8443/")]
    [InlineData("https://app.example.com:443:80/")]
    [InlineData("https://app.example.com#@evil.test/\n")]
    [InlineData("https://app.example.com/\r\nSet-Cookie: a=b")]
    [InlineData("https://app.example.com/ x")]
    [InlineData("https://ápp.example.com/")]
    [InlineData("HTTPS://app.example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("https:app.example.com")]
    [InlineData("https:///app.example.com/")]
    [InlineData("https://")]
    [InlineData("")]
    [InlineData(null)]
    [Trait("advisory", "12")]
    [Trait("advisory", "13")]
    [Trait("advisory", "14")]
    [Trait("advisory", "15")]
    [Trait("advisory", "129")]
    [Trait("advisory", "176")]
    [Trait("advisory", "198")]
    public void Nowhere_else(string? url) => Assert.Null(_destinations.Check(url));
}
