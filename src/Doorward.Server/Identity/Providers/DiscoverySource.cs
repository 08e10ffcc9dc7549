namespace Doorward.Server.Identity.Providers;

/// <summary>A provider's metadata, from the one place that its issuer determines (OpenID Connect Discovery section 4).</summary>
internal sealed class DiscoverySource
{
    private readonly LastGood<ProviderMetadata> _metadata;

    public DiscoverySource(string issuer, bool allowLocalHttp, BoundedHttp http, TimeProvider time)
    {
        // The issuer may end with a slash (Auth0's does), which then is not doubled.
        var url = new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        _metadata = new LastGood<ProviderMetadata>(Fetch, time);

        async Task<ProviderMetadata> Fetch(CancellationToken cancel)
        {
            if (!Outbound.IsSecure(url, allowLocalHttp))
                throw new ProviderFaultException(ProviderStep.Discovery, ProviderFault.InsecureUrl, $"{url} is not https");
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var answer = await http.Send(request, ProviderStep.Discovery, cancel);
            if (!answer.IsSuccess)
                throw new ProviderFaultException(ProviderStep.Discovery, ProviderFault.UnexpectedStatus, $"{url} answered {(int)answer.Status}");
            return ProviderMetadata.Parse(answer.Body, issuer, allowLocalHttp);
        }
    }

    public ValueTask<ProviderMetadata> Get(CancellationToken cancel) => _metadata.Get(cancel);
}
