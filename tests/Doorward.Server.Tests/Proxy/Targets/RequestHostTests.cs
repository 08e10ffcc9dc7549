using CsCheck;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Targets;

namespace Doorward.Server.Tests.Proxy.Targets;

public class RequestHostTests
{
    [Theory]
    [InlineData("app.example.test", "app.example.test", 443)]
    [InlineData("App.EXAMPLE.test", "app.example.test", 443)]
    [InlineData("app.example.test.", "app.example.test", 443)]
    [InlineData("app.example.test:8443", "app.example.test", 8443)]
    [InlineData("APP.example.test.:443", "app.example.test", 443)]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", 443)]
    [InlineData("192.0.2.1", "192.0.2.1", 443)]
    [InlineData("[2001:DB8:0:0:0:0:0:1]:8443", "[2001:db8::1]", 8443)]
    [InlineData("[::1]", "[::1]", 443)]
    [InlineData("a_b.internal", "a_b.internal", 443)]
    [Trait("advisory", "90")]
    [Trait("advisory", "120")]
    public void A_host_has_one_normal_form(string text, string name, int port)
    {
        Assert.Equal(Defect.None, RequestHost.Parse(text, https: true, out var host));
        Assert.Equal(new RequestHost(name, port), host);
    }

    [Theory]
    [InlineData(null, nameof(Defect.HostMissing))]
    [InlineData("", nameof(Defect.HostMissing))]
    [InlineData(".", nameof(Defect.HostMalformed))]
    [InlineData(":443", nameof(Defect.HostMalformed))]
    [InlineData("a..b", nameof(Defect.HostMalformed))]
    [InlineData(".a", nameof(Defect.HostMalformed))]
    [InlineData("a..", nameof(Defect.HostMalformed))]
    [InlineData("a b", nameof(Defect.HostMalformed))]
    [InlineData("a@b", nameof(Defect.HostMalformed))]
    [InlineData("a/b", nameof(Defect.HostMalformed))]
    [InlineData("a%2eb", nameof(Defect.HostMalformed))]
    [InlineData("bücher.example", nameof(Defect.HostMalformed))]
    [InlineData("a:", nameof(Defect.HostMalformed))]
    [InlineData("a:0", nameof(Defect.HostMalformed))]
    [InlineData("a:+80", nameof(Defect.HostMalformed))]
    [InlineData("a:080", nameof(Defect.HostMalformed))]
    [InlineData("a:65536", nameof(Defect.HostMalformed))]
    [InlineData("a:80:80", nameof(Defect.HostMalformed))]
    [InlineData("a,b", nameof(Defect.HostMalformed))]
    [InlineData("::1", nameof(Defect.HostMalformed))]
    [InlineData("[::1", nameof(Defect.HostMalformed))]
    [InlineData("[::1]x", nameof(Defect.HostMalformed))]
    [InlineData("[192.0.2.1]", nameof(Defect.HostMalformed))]
    [InlineData("[fe80::1%25eth0]", nameof(Defect.HostMalformed))]
    public void What_is_no_host_is_refused(string? text, string defect) =>
        Assert.Equal(defect, RequestHost.Parse(text, https: true, out _).ToString());

    [Fact]
    [Trait("advisory", "52")]
    public void A_name_longer_than_DNS_allows_is_refused()
    {
        var label = new string('a', 63);
        Assert.Equal(Defect.None, RequestHost.Parse($"{label}.{label}.{label}.{label[..61]}", true, out _));
        Assert.Equal(Defect.HostMalformed, RequestHost.Parse($"{label}.{label}.{label}.{label[..62]}", true, out _));
        Assert.Equal(Defect.HostMalformed, RequestHost.Parse($"{label}a.test", true, out _));
    }

    [Fact]
    public void The_scheme_gives_the_port()
    {
        Assert.Equal(Defect.None, RequestHost.Parse("a.test", https: false, out var host));
        Assert.Equal(80, host.Port);
    }

    [Fact]
    public void A_normal_host_costs_no_allocation()
    {
        RequestHost.Parse("app.example.test", true, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RequestHost.Parse("app.example.test", true, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_normal_form_is_its_own_normal_form() =>
        Gen.Char["aB0-_.:[]@%é 1"].Array[0, 20].Sample(characters =>
            RequestHost.Parse(new string(characters), true, out var once) != Defect.None
            || (RequestHost.Parse(once.ToString(), true, out var twice) == Defect.None && twice == once), iter: 200_000);
}
