using CsCheck;
using Doorward.Policy;
using Doorward.Server.Identity.Assertions;

namespace Doorward.Server.Tests.Identity.Assertions;

public sealed class HeaderTextTests
{
    private static readonly Gen<string> _texts = Gen.OneOf(Gen.String, Gen.String["a%41\r\né \0\u007f"]);

    [Theory]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("René", "Ren%C3%A9")]
    [InlineData("100%", "100%25")]
    [InlineData("%C3%A9", "%25C3%25A9")]
    [InlineData("ada\r\nX-Admin: yes", "ada%0D%0AX-Admin: yes")]
    [InlineData("tab\tbed", "tab%09bed")]
    [InlineData("  ada  ", "ada")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [Trait("advisory", "42")]
    public void A_text_becomes_a_value_that_no_header_can_end(string text, string? expected) => Assert.Equal(expected, HeaderText.Of(text));

    [Fact]
    [Trait("advisory", "42")]
    public void Every_value_is_printable_ASCII() => _texts.Sample(text =>
        HeaderText.Of(text) is not { } value || value.All(c => c is >= ' ' and <= '~'));

    [Fact]
    public void No_two_texts_have_one_value() => Gen.Select(_texts, _texts).Sample((a, b) =>
        a.Trim() == b.Trim() || HeaderText.Of(a) is null || HeaderText.Of(b) is null || HeaderText.Of(a) != HeaderText.Of(b) || HasHalves(a) || HasHalves(b));

    [Fact]
    public void A_list_is_joined_and_an_item_that_could_pass_for_two_left_out() =>
        Assert.Equal("sre,docs", HeaderText.Of(new FactValue((string[])["sre", "a,admin", "docs"])));

    [Fact]
    public void A_value_that_servers_refuse_is_not_sent() => Assert.Null(HeaderText.Of(new string('a', 9000)));

    [Fact]
    public void Other_kinds_of_facts_have_one_spelling() => Assert.Equal(
        ["true", "3.5", "2026-03-02T09:00:00.0000000+00:00"],
        new object[] { true, 3.5, new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero) }.Select(v => HeaderText.Of(new FactValue(v))));

    // Half a character has no UTF-8, and becomes the replacement character. No JSON of ours lets one in.
    private static bool HasHalves(string text) => text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);
}
