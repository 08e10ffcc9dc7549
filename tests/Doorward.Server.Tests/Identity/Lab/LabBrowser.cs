using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>A browser as far as signing in needs one: follows redirects, keeps each host's cookies by the rules of their names.</summary>
internal sealed class LabBrowser : IDisposable
{
    private readonly HttpClient _client;

    public LabBrowser(Func<DnsEndPoint, CancellationToken, ValueTask<Stream>> connect, LabAuthority authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.Pem));
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = (context, cancel) => connect(context.DnsEndPoint, cancel),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        });
    }

    /// <param name="handler">Which neither follows redirects nor keeps cookies.</param>
    public LabBrowser(SocketsHttpHandler handler) => _client = new HttpClient(handler);

    /// <summary>Host, name, value.</summary>
    public Dictionary<(string Host, string Name), string> Cookies { get; } = [];

    /// <summary>Every Set-Cookie line that came, with its host.</summary>
    public List<(string Host, string Line)> SetCookies { get; } = [];

    public List<Uri> Visited { get; } = [];

    /// <summary>One request, without following redirects.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, HttpContent? content = null, bool crossSite = false, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        var cookies = Cookies.Where(c => c.Key.Host == url.Host && (!crossSite || SameSiteNone(c.Key))).Select(c => $"{c.Key.Name}={c.Value}").ToList();
        if (cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", cookies));
        request.Headers.Add("Accept", "text/html,*/*;q=0.8");
        if (header is { } more) request.Headers.TryAddWithoutValidation(more.Name, more.Value);
        var answer = await _client.SendAsync(request);
        Visited.Add(url);
        if (answer.Headers.TryGetValues("Set-Cookie", out var lines))
            foreach (var line in lines) Keep(url.Host, line);
        return answer;
    }

    public Task<HttpResponseMessage> GetAsync(Uri url) => SendAsync(HttpMethod.Get, url);

    /// <summary>Follows redirects until there is a page, or until <paramref name="stopBefore"/> says so.</summary>
    public async Task<(HttpResponseMessage Answer, Uri Url)> FollowAsync(Uri url, Func<Uri, bool>? stopBefore = null)
    {
        for (var i = 0; i < 20; i++)
        {
            var answer = await GetAsync(url);
            if (answer.Headers.Location is not { } location) return (answer, url);
            url = new Uri(url, location);
            if (stopBefore?.Invoke(url) == true) return (answer, url);
        }

        throw new InvalidOperationException("The redirects do not end.");
    }

    public async Task<string> ReadAsync(Uri url) => await (await FollowAsync(url)).Answer.Content.ReadAsStringAsync();

    public void Dispose() => _client.Dispose();

    private bool SameSiteNone((string Host, string Name) cookie) =>
        SetCookies.Last(s => s.Host == cookie.Host && s.Line.StartsWith(cookie.Name + "=", StringComparison.Ordinal)).Line.Contains("samesite=none", StringComparison.OrdinalIgnoreCase);

    private void Keep(string host, string line)
    {
        SetCookies.Add((host, line));
        var parts = line.Split(';', StringSplitOptions.TrimEntries);
        var (name, value) = (parts[0][..parts[0].IndexOf('=', StringComparison.Ordinal)], parts[0][(parts[0].IndexOf('=', StringComparison.Ordinal) + 1)..]);
        // RFC 6265bis section 5.7: a __Host- cookie without these is ignored, also where it is to be deleted.
        if (name.StartsWith("__Host-", StringComparison.Ordinal))
        {
            Assert.Contains("secure", parts, StringComparer.OrdinalIgnoreCase);
            Assert.Contains("path=/", parts, StringComparer.OrdinalIgnoreCase);
            Assert.DoesNotContain(parts, p => p.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
        }

        var past = parts.Any(p => p.StartsWith("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase));
        if (past || parts.Contains("max-age=0", StringComparer.OrdinalIgnoreCase)) Cookies.Remove((host, name));
        else Cookies[(host, name)] = value;
    }
}
