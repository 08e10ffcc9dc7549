namespace Doorward.Server.Identity.Providers;

/// <summary>A provider's metadata, from the one place that its issuer determines (OpenID Connect Discovery section 4).</summary>
internal sealed class DiscoverySource
{
    private readonly LastGood<ProviderMetadata> _metadata;

    /// <param name="authority">The URL that the operator wrote, mostly the issuer itself.</param>
    /// <param name="issuer">What the document must call itself.</param>
    /// <param name="allowLocalHttp">Whether this machine may be asked without TLS.</param>
    /// <param name="http">The way there.</param>
    /// <param name="time">The clock.</param>
    public DiscoverySource(Uri authority, string issuer, bool allowLocalHttp, BoundedHttp http, TimeProvider time)
    {
        // The authority may end with a slash (Auth0's does), which then is not doubled.
        var url = new Uri(authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");
        _metadata = new LastGood<ProviderMetadata>(FetchAsync, time);

        async Task<ProviderMetadata> FetchAsync(CancellationToken cancel)
        {
            if (!Outbound.IsSecure(url, allowLocalHttp))
                throw new ProviderFaultException(ProviderStep.Discovery, ProviderFault.InsecureUrl, $"{url} is not https");
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var answer = await http.SendAsync(request, ProviderStep.Discovery, cancel);
            if (!answer.IsSuccess)
                throw new ProviderFaultException(ProviderStep.Discovery, ProviderFault.UnexpectedStatus, $"{url} answered {(int)answer.Status}");
            return ProviderMetadata.Parse(answer.Body, issuer, allowLocalHttp);
        }
    }

    public ValueTask<ProviderMetadata> GetAsync(CancellationToken cancel) => _metadata.GetAsync(cancel);
}
