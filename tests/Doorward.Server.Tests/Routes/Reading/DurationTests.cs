using CsCheck;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Reading;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("14h", 50_400_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("1m1m", 120_000)]
    public void A_duration_is_read_as_people_write_it(string written, long milliseconds)
    {
        Assert.True(Duration.TryParse(written, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-30s")]
    [InlineData("30 s")]
    [InlineData("7d")]
    [InlineData("h")]
    [InlineData("1..5h")]
    [InlineData("30S")]
    [InlineData("9999999h")]
    [InlineData("99999999999999999999h")]
    [InlineData("1e3s")]
    public void What_is_no_duration_is_none(string written) => Assert.False(Duration.TryParse(written, out _));

    [Fact]
    public void A_duration_is_written_as_it_is_read() =>
        Gen.Long[0, 1_000_000_000].Sample(milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            Assert.True(Duration.TryParse(Duration.Write(duration), out var read));
            Assert.Equal(duration, read);
        });

    [Theory]
    [InlineData("64KiB", 65536)]
    [InlineData("1GiB", 1073741824)]
    [InlineData("240", 240)]
    public void A_size_is_read_and_written(string written, long bytes)
    {
        Assert.True(ByteSize.TryParse(written, out var size));
        Assert.Equal(bytes, size.Bytes);
        Assert.Equal(written, size.ToString());
    }

    [Theory]
    [InlineData("64 KiB")]
    [InlineData("64KB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("99999999999GiB")]
    public void What_is_no_size_is_none(string written) => Assert.False(ByteSize.TryParse(written, out _));

    [Theory]
    [InlineData(":443", ":443")]
    [InlineData("*:443", ":443")]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    public void An_address_is_read(string written, string address)
    {
        Assert.True(ListenAddress.TryParse(written, out var read));
        Assert.Equal(address, read.ToString());
    }

    [Theory]
    [InlineData("443")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1:80")]
    [InlineData("::1:80")]
    [InlineData("example.com:80")]
    [InlineData(":65536")]
    [InlineData(":-1")]
    public void What_is_no_address_is_none(string written) => Assert.False(ListenAddress.TryParse(written, out _));
}
