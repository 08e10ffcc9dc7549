using Doorward.Server.Identity;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity;

public sealed class ChanceTests
{
    private const int Samples = 100_000;

    [Fact]
    [Trait("advisory", "128")]
    public void No_two_secrets_are_alike_and_every_letter_of_them_varies()
    {
        var token = new KeyedToken(() => [new byte[32]]);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        var flows = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Samples; i++)
        {
            Assert.True(tokens.Add(token.Create()));
            Assert.True(flows.Add(FlowCookies.NewId()));
        }

        for (var place = 0; place < KeyedToken.Length; place++) Assert.Equal(64, tokens.Select(text => text[place]).Distinct().Count());
        Assert.All(flows.Take(10), id => Assert.Equal(32, id.Length));
    }

    [Fact]
    [Trait("advisory", "190")]
    public async Task The_same_text_is_never_sealed_alike()
    {
        await using var keys = await KeyLab.StartAsync();
        var plain = "the same"u8.ToArray();
        var starts = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Samples; i++) Assert.True(starts.Add(Convert.ToHexString(keys.Secrets.Protect("test", "one", plain))));
    }
}
