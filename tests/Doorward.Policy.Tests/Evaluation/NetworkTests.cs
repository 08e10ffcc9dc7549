using System.Net;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

public class NetworkTests
{
    [Theory]
    [InlineData("'10.0.0.1'", "10.0.0.1", true)]
    [InlineData("'10.0.0.1'", "10.0.0.2", false)]
    [InlineData("'10.0.0.0/8'", "10.255.255.255", true)]
    [InlineData("'10.0.0.0/8'", "11.0.0.0", false)]
    [InlineData("'10.1.2.3/8'", "10.200.0.1", true)]
    [InlineData("'10.0.0.128/25'", "10.0.0.127", false)]
    [InlineData("'10.0.0.128/25'", "10.0.0.128", true)]
    [InlineData("'0.0.0.0/0'", "203.0.113.9", true)]
    [InlineData("'0.0.0.0/0'", "2001:db8::1", false)]
    [InlineData("'::/0'", "2001:db8::1", true)]
    [InlineData("'::/0'", "10.0.0.1", false)]
    [InlineData("'::/0'", "::ffff:10.0.0.1", false)]
    [InlineData("'2001:db8::/32'", "2001:db8:ffff::1", true)]
    [InlineData("'2001:db8::/32'", "2001:db9::1", false)]
    [InlineData("'2001:db8::7'", "2001:db8::7", true)]
    [InlineData("'10.0.0.1'", "::ffff:10.0.0.1", true)]
    [InlineData("'::ffff:10.0.0.0/104'", "10.9.9.9", true)]
    [InlineData("'::ffff:10.0.0.1'", "10.0.0.1", true)]
    [InlineData("'::ffff:0:0/96'", "10.0.0.1", true)]
    [InlineData("['192.0.2.0/24', '198.51.100.0/24', '10.0.0.0/8']", "198.51.100.77", true)]
    [InlineData("['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/32']", "203.0.113.1", false)]
    [InlineData("[]", "203.0.113.1", false)]
    [Trait("advisory", "97")]
    public void An_address_is_in_a_network(string networks, string address, bool holds) =>
        Assert.Equal(
            holds ? "true source-ip-ok" : "false source-ip-unauthorized",
            Verdict.Of("{'source_ip': " + networks + "}", new Facts { Now = Some.Now, SourceIp = IPAddress.Parse(address) }));

    [Fact]
    public void Ten_thousand_networks_of_every_length_hold_what_they_should()
    {
        var networks = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"'10.{i / 256}.{i % 256}.{i % 200}/{25 + i % 8}'"));
        var policy = Policies.Allowing("{'source_ip': [" + networks + "]}");
        Assert.Equal(Truth.True, policy.Decide(new Facts { Now = Some.Now, SourceIp = IPAddress.Parse("10.38.15.143") }).Allow);
        Assert.Equal(Truth.False, policy.Decide(new Facts { Now = Some.Now, SourceIp = IPAddress.Parse("10.39.16.1") }).Allow);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0")]
    [InlineData("10.0.0.255/31", "10.0.0.254/31")]
    [InlineData("2001:DB8::1/64", "2001:db8::/64")]
    [InlineData("::ffff:10.1.2.3/112", "10.1.0.0/16")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3/32")]
    [InlineData("::/0", "::/0")]
    public void A_network_is_read_with_its_host_bits_cleared(string text, string network)
    {
        Assert.True(Networks.TryParse(text, out var read));
        Assert.Equal(network, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/")]
    [InlineData("10.0.0.1/08")]
    [InlineData("10.0.0.1/-1")]
    [InlineData("10.0.0.1/8/8")]
    [InlineData("/8")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10..0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/129")]
    [InlineData("::1::")]
    [InlineData("1:2")]
    [InlineData("example.com")]
    [InlineData("localhost")]
    public void What_is_spelled_loosely_is_no_network(string text) => Assert.False(Networks.TryParse(text, out _));
}
