using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Demo;
using Doorward.Server.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Doorward.EndToEnd.Tests.Demo;

public class DevelopmentAuthorityTests
{
    [Fact]
    public async Task Whoever_trusts_the_authority_trusts_the_demos_hosts()
    {
        using var temporary = new TemporaryState();
        var authority = new DevelopmentAuthority(temporary.State.FullPath, TimeProvider.System);
        Assert.True(authority.Prepare());
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(authority.ServerCertificate())));
        await using var app = builder.Build();
        app.Run(http => http.Response.WriteAsync(http.Request.Host.Host));
        await app.StartAsync();
        var port = new Uri(app.Urls.First()).Port;

        using var client = ClientTrusting(authority.AuthorityFile);
        foreach (var host in DemoHosts.All)
            Assert.Equal(host, await client.GetStringAsync($"https://{host}:{port}/"));
        using var stranger = ClientTrusting(null);
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync($"https://{DemoHosts.App}:{port}/"));
    }

    [Fact]
    public void The_authority_cannot_vouch_for_any_other_host()
    {
        using var temporary = new TemporaryState();
        var authority = new DevelopmentAuthority(temporary.State.FullPath, TimeProvider.System);
        authority.Prepare();
        using var issuer = X509Certificate2.CreateFromPemFile(authority.AuthorityFile, temporary.State.At("authority.key"));

        Assert.True(IsTrusted(Certificate(issuer, "other.door.localhost"), issuer));
        Assert.False(IsTrusted(Certificate(issuer, "bank.example"), issuer));
        Assert.False(IsTrusted(Certificate(issuer, "localhost"), issuer));
    }

    [Fact]
    public void A_certificate_is_kept_until_it_is_about_to_expire_and_the_authority_longer()
    {
        using var temporary = new TemporaryState();
        var time = new Clock(DateTimeOffset.UtcNow);
        var authority = new DevelopmentAuthority(temporary.State.FullPath, time);
        authority.Prepare();
        var (first, root) = (File.ReadAllText(authority.CertificateFile), File.ReadAllText(authority.AuthorityFile));

        time.Advance(TimeSpan.FromDays(300));
        Assert.False(authority.Prepare());
        Assert.Equal(first, File.ReadAllText(authority.CertificateFile));
        time.Advance(TimeSpan.FromDays(10));
        Assert.False(authority.Prepare());
        Assert.NotEqual(first, File.ReadAllText(authority.CertificateFile));
        Assert.Equal(root, File.ReadAllText(authority.AuthorityFile));
        time.Advance(TimeSpan.FromDays(3650));
        Assert.True(authority.Prepare());
    }

    private static HttpClient ClientTrusting(string? authorityFile)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (authorityFile is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        }
        var handler = new SocketsHttpHandler { ConnectCallback = (context, cancel) => Outbound.Connect(context.DnsEndPoint, cancel) };
        handler.SslOptions.CertificateChainPolicy = policy;
        return new(handler);
    }

    private static X509Certificate2 Certificate(X509Certificate2 issuer, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(issuer);
        return chain.Build(certificate);
    }
}
