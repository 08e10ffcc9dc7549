using Doorward.Server.Identity.Providers;
using Doorward.Server.Tests.Identity.Lab;

namespace Doorward.Server.Tests.Identity.Tokens;

public sealed class LieTests
{
    public static TheoryData<string> Lies => [.. Lie.All.Select(lie => lie.Id)];

    [Fact]
    public async Task An_honest_provider_is_believed()
    {
        await using var provider = await LyingProvider.StartAsync();
        Assert.Equal("believed", await AskAsync(provider));
    }

    [Theory]
    [MemberData(nameof(Lies))]
    [Trait("advisory", "52")]
    [Trait("advisory", "82")]
    [Trait("advisory", "102")]
    [Trait("advisory", "126")]
    [Trait("advisory", "148")]
    [Trait("advisory", "201")]
    [Trait("advisory", "217")]
    [Trait("advisory", "220")]
    [Trait("advisory", "221")]
    public async Task A_lie_is_met(string id)
    {
        var lie = Lie.All.Single(l => l.Id == id);
        await using var provider = await LyingProvider.StartAsync();
        lie.Tell(provider);
        Assert.Equal(lie.MetBy, await AskAsync(provider));
    }

    private static async Task<string> AskAsync(LyingProvider lying)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var providers = new ProviderSet([lying.Settings], allowLocalHttp: true, Outbound.Connect, lying.Time);
        var provider = providers.Find("lab")!;
        var callback = new Uri("https://door.example.com/oauth2/callback");
        var request = new AuthorizationRequest(callback, "state-1", "nonce-1-of-this-flow", new string('v', 43));
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        try
        {
            var answer = await browser.GetAsync(await provider.AuthorizeAsync(request, cancel), cancel);
            var query = System.Web.HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
            Assert.True(await provider.AdmitsResponseIssuerAsync(query["iss"], cancel));
            var signedIn = await provider.ExchangeAsync(new CodeExchange(query["code"]!, callback, request.Nonce, request.Verifier), cancel);
            return signedIn.Subject == LyingProvider.Subject ? "believed" : "believed, as another person";
        }
        catch (ProviderFaultException e)
        {
            return e.Fault == ProviderFault.TokenRefused ? e.TokenRefusal.ToString() : $"{e.Step}: {e.Fault}";
        }
    }
}
