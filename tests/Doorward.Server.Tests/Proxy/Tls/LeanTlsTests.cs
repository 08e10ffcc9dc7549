using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Proxy.Tls;

namespace Doorward.Server.Tests.Proxy.Tls;

public sealed class LeanTlsTests
{
    [Fact]
    public async Task A_connection_gives_its_buffers_back_and_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "OpenSSL is what Linux has.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepting = listener.AcceptSocketAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = new SslStream(new NetworkStream(await accepting, ownsSocket: true));
        await using var near = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(certificate.RawData));
        await Task.WhenAll(server.AuthenticateAsServerAsync(certificate), near.AuthenticateAsClientAsync("localhost"));

        Assert.True(LeanTls.Take(server));

        for (byte said = 1; said <= 3; said++)
        {
            var heard = new byte[20_000];
            await near.WriteAsync(Enumerable.Repeat(said, heard.Length).ToArray());
            await server.ReadExactlyAsync(heard);
            Assert.All(heard, one => Assert.Equal(said, one));
            await server.WriteAsync(heard);
            await near.ReadExactlyAsync(heard);
            Assert.All(heard, one => Assert.Equal(said, one));
        }
    }
}
