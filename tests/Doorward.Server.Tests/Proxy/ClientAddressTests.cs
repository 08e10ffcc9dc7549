using System.Net;
using CsCheck;
using Doorward.Server.Proxy;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Proxy;

public class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "", "203.0.113.7")]
    [InlineData("203.0.113.7", "6.6.6.6", "203.0.113.7")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.2", "198.51.100.2")]
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.2", "198.51.100.2")]
    [InlineData("10.0.0.1", "6.6.6.6 ,198.51.100.2,10.9.9.9", "198.51.100.2")]
    [InlineData("10.0.0.1", "10.2.2.2, 10.3.3.3", "10.2.2.2")]
    [InlineData("10.0.0.1", "not an ip", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.2, not an ip", "10.0.0.1")]
    [InlineData("10.0.0.1", "not an ip, 198.51.100.2", "198.51.100.2")]
    [InlineData("10.0.0.1", "198.51.100.2,", "10.0.0.1")]
    [InlineData("10.0.0.1", "1", "10.0.0.1")]
    [InlineData("10.0.0.1", "0x7f.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "010.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.2:4711", "198.51.100.2")]
    [InlineData("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("10.0.0.1", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.1", "fe80::1%eth0", "10.0.0.1")]
    [InlineData("10.0.0.1", "::ffff:198.51.100.2", "198.51.100.2")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.2", "198.51.100.2")]
    [InlineData("::ffff:203.0.113.7", "", "203.0.113.7")]
    [InlineData("2001:db8::9", "198.51.100.2", "2001:db8::9")]
    [Trait("advisory", "97")]
    [Trait("advisory", "174")]
    [Trait("advisory", "53")]
    public void The_right_most_address_that_is_no_listed_proxy_is_the_client(string peer, string forwarded, string client)
    {
        var origin = new ClientAddress([IPNetwork.Parse("10.0.0.0/8")]).Read(Context(peer, forwarded));
        Assert.Equal(IPAddress.Parse(client), origin.Address);
    }

    [Fact]
    [Trait("advisory", "20")]
    public void By_default_nobody_is_believed() =>
        Assert.Equal(IPAddress.Parse("10.0.0.1"), new ClientAddress([]).Read(Context("10.0.0.1", "6.6.6.6")).Address);

    [Theory]
    [InlineData("10.0.0.1", "https", true)]
    [InlineData("10.0.0.1", "HTTPS", true)]
    [InlineData("10.0.0.1", "https, http", false)]
    [InlineData("10.0.0.1", "x", false)]
    [InlineData("203.0.113.7", "https", false)]
    [Trait("advisory", "28")]
    [Trait("advisory", "45")]
    public void Only_a_listed_proxy_says_that_the_client_speaks_TLS(string peer, string proto, bool https)
    {
        var context = Context(peer, "");
        context.Request.Headers["X-Forwarded-Proto"] = proto;
        Assert.Equal(https, new ClientAddress([IPNetwork.Parse("10.0.0.0/8")]).Read(context).IsHttps);
    }

    [Fact]
    public void Several_lines_are_one_list()
    {
        var context = Context("10.0.0.1", "");
        context.Request.Headers["X-Forwarded-For"] = (string[])["6.6.6.6, 198.51.100.2", "10.1.1.1"];
        var origin = new ClientAddress([IPNetwork.Parse("10.0.0.0/8")]).Read(context);
        Assert.Equal(("198.51.100.2", "10.1.1.1, 10.0.0.1"), (origin.Address.ToString(), origin.Hops));
    }

    [Fact]
    public void Whatever_is_sent_the_client_is_an_address_and_a_stranger_is_himself() =>
        Gen.Char["0123456789abcdef:.,[]% x"].Array[0, 60].Sample(text =>
        {
            var origin = new ClientAddress([IPNetwork.Parse("10.0.0.0/8")]).Read(Context("203.0.113.7", new string(text)));
            var proxied = new ClientAddress([IPNetwork.Parse("10.0.0.0/8")]).Read(Context("10.0.0.1", new string(text)));
            return origin.Address.ToString() == "203.0.113.7" && !proxied.Address.IsIPv4MappedToIPv6;
        }, iter: 20_000);

    private static DefaultHttpContext Context(string peer, string forwarded)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };
        if (forwarded.Length > 0)
            context.Request.Headers["X-Forwarded-For"] = forwarded;
        return context;
    }
}
