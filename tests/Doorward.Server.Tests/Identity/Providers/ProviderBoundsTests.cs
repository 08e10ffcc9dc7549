using Doorward.Server.Identity.Providers;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Identity.Providers;

public sealed class ProviderBoundsTests
{
    [Fact]
    public async Task A_provider_never_gets_more_requests_at_once_than_it_may()
    {
        await using var lying = await LyingProvider.StartAsync(new ManualTime());
        using var http = new BoundedHttp(Outbound.Connect, authorities: null, places: 4, TimeProvider.System);
        var (under, most) = (0, 0);
        lying.Instead["/slow"] = async context =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref under));
            await Task.Delay(5);
            Interlocked.Decrement(ref under);
            await context.Response.WriteAsync("{}");
        };

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (_, cancel) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, lying.Issuer + "/slow");
            await http.SendAsync(request, ProviderStep.Refresh, cancel);
        });

        Assert.InRange(most, 1, 4);
        Assert.Equal(100, lying.Hits["/slow"]);
    }

    [Fact]
    [Trait("advisory", "208")]
    public async Task A_provider_with_a_certificate_that_nobody_vouches_for_is_not_asked()
    {
        await using var recorded = await RecordedProvider.StartAsync("okta", trusted: false);
        var fault = await Assert.ThrowsAsync<ProviderFaultException>(() => recorded.Providers.Find("okta")!.AdmitsResponseIssuerAsync(null, TestContext.Current.CancellationToken));
        Assert.Equal(ProviderFault.Unreachable, fault.Fault);
        Assert.Empty(recorded.Requests);
    }

    [Theory]
    [InlineData("https://idp.example.com/", true)]
    [InlineData("http://idp.example.com/", false)]
    [InlineData("http://127.0.0.1:9000/", true)]
    [InlineData("http://idp.door.localhost/", true)]
    [InlineData("http://localhost.evil.example/", false)]
    [InlineData("https://user@idp.example.com/", false)]
    [InlineData("https://idp.example.com/#x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("ftp://idp.example.com/", false)]
    [Trait("advisory", "146")]
    public void Secrets_travel_to(string url, bool secure) => Assert.Equal(secure, Outbound.IsSecure(new Uri(url), allowLocalHttp: true));

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, value, seen) == seen) return;
    }
}
