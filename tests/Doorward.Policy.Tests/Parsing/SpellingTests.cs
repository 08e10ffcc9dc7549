using System.Globalization;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Parsing;

/// <summary>How time spans, instants, networks and names are spelled.</summary>
public class SpellingTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("7d", 604800)]
    [InlineData("1d2h3m4s", 93784)]
    [InlineData("250ms", 0.25)]
    [InlineData("1m1ms", 60.001)]
    [InlineData("0s", 0)]
    [InlineData("10000d", 864_000_000)]
    public void A_time_span_is_read_and_printed(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.True(Durations.TryParse(Durations.Print(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData(5400, "1h30m")]
    [InlineData(0, "0s")]
    [InlineData(93784.5, "1d2h3m4s500ms")]
    [InlineData(0.0001, "0.1ms")]
    public void A_time_span_is_printed_in_units(double seconds, string text) => Assert.Equal(text, Durations.Print(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("1x")]
    [InlineData("1m1h")]
    [InlineData("1m1m")]
    [InlineData("-1s")]
    [InlineData("1.2.3s")]
    [InlineData("12345678901s")]
    [InlineData("10001d")]
    [InlineData("10000d1ms")]
    [InlineData("1 h")]
    public void Other_time_spans_are_not_read(string text)
    {
        Assert.False(Durations.TryParse(text, out var duration));
        Assert.Equal(default, duration);
    }

    [Theory]
    [InlineData("2026-03-01", "2026-03-01T00:00:00.0000000Z")]
    [InlineData("2026-03-01T10:20:30Z", "2026-03-01T10:20:30.0000000Z")]
    [InlineData("2026-03-01t10:20:30z", "2026-03-01T10:20:30.0000000Z")]
    [InlineData("2026-03-01T10:20:30.5Z", "2026-03-01T10:20:30.5000000Z")]
    [InlineData("2026-03-01T10:20:30.1234567Z", "2026-03-01T10:20:30.1234567Z")]
    [InlineData("2026-03-01T10:20:30+02:00", "2026-03-01T08:20:30.0000000Z")]
    [InlineData("2026-03-01T10:20:30-14:00", "2026-03-02T00:20:30.0000000Z")]
    [InlineData("2026-03-01T10:20:30.25+14:00", "2026-02-28T20:20:30.2500000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    public void An_instant_is_read(string text, string utc)
    {
        Assert.True(Instants.TryParse(text, out var instant));
        Assert.Equal(utc, instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2026-3-1")]
    [InlineData("2026-13-01")]
    [InlineData("2026-03-01T")]
    [InlineData("2026-03-01T10:20Z")]
    [InlineData("2026-03-01T10:20:30")]
    [InlineData("2026-03-01 10:20:30Z")]
    [InlineData("2026-03-01T25:20:30Z")]
    [InlineData("2026-03-01T10:20:30.Z")]
    [InlineData("2026-03-01T10:20:30.12345678Z")]
    [InlineData("2026-03-01T10:20:30.5")]
    [InlineData("2026-03-01T10:20:30+2:00")]
    [InlineData("2026-03-01T10:20:30+14:01")]
    [InlineData("2026-03-01T10:20:30*02:00")]
    [InlineData("2026-03-01T10:20:30ZZ")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("2026-03-01T10:20:30.1234567+02:000")]
    public void Other_instants_are_not_read(string text) => Assert.False(Instants.TryParse(text, out _));

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.255/25", "10.1.2.128/25")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("2001:db8:ffff::/33", "2001:db8:8000::/33")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3/32")]
    [InlineData("::ffff:10.1.2.3/104", "10.0.0.0/8")]
    [InlineData("::ffff:0:0/96", "0.0.0.0/0")]
    [InlineData("::ffff:10.1.2.3/95", "::fffe:0:0/95")]
    public void A_network_is_read(string text, string network)
    {
        Assert.True(Networks.TryParse(text, out var read));
        Assert.Equal(network, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1.2")]
    [InlineData("10.1.2.3.4")]
    [InlineData("010.1.2.3")]
    [InlineData("10.1.2.0003")]
    [InlineData("10..2.3")]
    [InlineData("0x0a.1.2.3")]
    [InlineData("10.1.2.3/33")]
    [InlineData("10.1.2.3/")]
    [InlineData("10.1.2.3/08")]
    [InlineData("10.1.2.3/-1")]
    [InlineData("10.1.2.3/+8")]
    [InlineData("::1/129")]
    [InlineData("fe80::1%eth0")]
    [InlineData(" 10.1.2.3")]
    [InlineData("10.1.2.256")]
    public void Other_networks_are_not_read(string text) => Assert.False(Networks.TryParse(text, out _));

    [Theory]
    [InlineData("", "«»")]
    [InlineData("a b", "«a b»")]
    [InlineData("a\nb", "«a\uFFFDb»")]
    [InlineData("a\u200Eb", "«a\uFFFDb»")]
    [InlineData("ä😀", "«ä😀»")]
    public void A_quotation_stays_on_its_line(string text, string quote) => Assert.Equal(quote, Wording.Quote(text));

    [Theory]
    [InlineData(0, "0 policies")]
    [InlineData(1, "1 policy")]
    [InlineData(1234, "1234 policies")]
    public void One_is_counted_as_one(int count, string text)
    {
        Assert.Equal(text, Wording.Count(count, "policy", "policies"));
        Assert.Equal(text.Replace("policies", "rules", StringComparison.Ordinal).Replace("policy", "rule", StringComparison.Ordinal), Wording.Count(count, "rule"));
    }

    [Fact]
    public void A_long_quotation_is_shortened()
    {
        Assert.Equal("«" + new string('x', 60) + "»", Wording.Quote(new string('x', 60)));
        Assert.Equal("«" + new string('x', 60) + "…»", Wording.Quote(new string('x', 61)));
    }

    [Fact]
    public void Alternatives_are_named()
    {
        Assert.Equal("nothing", Wording.Or([]));
        Assert.Equal("a", Wording.Or(["a"]));
        Assert.Equal("a or b", Wording.Or(["a", "b"]));
        Assert.Equal("a, b or c", Wording.Or(["a", "b", "c"]));
    }

    [Theory]
    [InlineData("emial", "email")]
    [InlineData("Email", "email")]
    [InlineData("e-mail", "email")]
    [InlineData("source-ip", "source_ip")]
    [InlineData("suorce_ip", "source_ip")]
    [InlineData("sourceip", "source_ip")]
    [InlineData("source__ip", "source_ip")]
    [InlineData("ser", "user")]
    [InlineData("soruce_p", "source_ip")]
    [InlineData("suxy", null)]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void The_name_that_was_meant_is_found(string written, string? meant) => Assert.Equal(meant, Wording.Nearest(written, ["user", "email", "source_ip", "groups"]));

    [Fact]
    public void Nothing_is_near_a_very_long_name()
    {
        Assert.Equal(new string('x', 59), Wording.Nearest(new string('x', 60), [new string('x', 59)]));
        Assert.Null(Wording.Nearest(new string('x', 61), [new string('x', 60)]));
    }
}
