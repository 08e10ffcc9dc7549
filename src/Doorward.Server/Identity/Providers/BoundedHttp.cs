using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Identity.Providers;

/// <summary>What a provider answered. The body is at most <see cref="BoundedHttp.LargestBody"/>.</summary>
internal readonly record struct ProviderAnswer(HttpStatusCode Status, byte[] Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}

/// <summary>
/// Talks to one provider within bounds of size, time and number. Follows no redirect and unpacks nothing: both would lead to places
/// and sizes that nobody agreed to.
/// </summary>
internal sealed class BoundedHttp : IDisposable
{
    /// <summary>Bytes. The largest discovery and key documents in the wild are below 50 KiB, user info with groups below 500 KiB.</summary>
    public const int LargestBody = 1024 * 1024;

    /// <summary>From the first byte sent to the last received: a person is waiting.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly SemaphoreSlim _places;
    private readonly TimeProvider _time;

    /// <param name="connect">How to reach the provider.</param>
    /// <param name="authorities">The only authorities that may vouch for it; null for the system's.</param>
    /// <param name="places">How many requests may be under way at once.</param>
    /// <param name="time">The clock.</param>
    public BoundedHttp(OutboundConnect connect, X509Certificate2Collection? authorities, int places, TimeProvider time)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16, // KiB
            ConnectTimeout = Longest,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change of its addresses is seen
            ConnectCallback = (context, cancel) => connect(context.DnsEndPoint, cancel),
        };
        if (authorities is not null) handler.SslOptions = TrustOnly(authorities);
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        // GitHub refuses requests without it.
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(Product.Name, null));
        _places = new SemaphoreSlim(places);
        _time = time;
    }

    /// <exception cref="ProviderFaultException">There was no answer, or none within the bounds.</exception>
    public async Task<ProviderAnswer> SendAsync(HttpRequestMessage request, ProviderStep step, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var entered = false;
        try
        {
            // Waiting for a place counts: a person would rather hear «busy» than wait in line behind a sick provider.
            await _places.WaitAsync(either.Token);
            entered = true;
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await ReadAsync(response, step, either.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ProviderFaultException(step, entered ? ProviderFault.TimedOut : ProviderFault.Busy, $"{request.RequestUri} took over {Longest.TotalSeconds} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ProviderFaultException(step, ProviderFault.Unreachable, $"{request.RequestUri}: {e.Message}", e);
        }
        finally
        {
            if (entered) _places.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _places.Dispose();
    }

    private static async Task<ProviderAnswer> ReadAsync(HttpResponseMessage response, ProviderStep step, CancellationToken cancel)
    {
        var url = response.RequestMessage?.RequestUri;
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400) throw new ProviderFaultException(step, ProviderFault.Redirected, $"{url} redirects; we do not follow");
        if (status == 429) throw new ProviderFaultException(step, ProviderFault.Busy, $"{url} answered 429");
        if (status >= 500) throw new ProviderFaultException(step, ProviderFault.ServerError, $"{url} answered {status}");
        if (response.Content.Headers.ContentEncoding.Count > 0) throw new ProviderFaultException(step, ProviderFault.Encoded, $"{url} sent a packed answer that was not asked for");

        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (kept.Length + read > LargestBody) throw new ProviderFaultException(step, ProviderFault.TooLarge, $"{url} sent over {LargestBody} bytes");
            kept.Write(buffer, 0, read);
        }

        return new ProviderAnswer(response.StatusCode, kept.ToArray());
    }

    private static SslClientAuthenticationOptions TrustOnly(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
