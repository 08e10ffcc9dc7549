using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>A TLS connection on which a test asks what it likes, whatever name it gave in the handshake.</summary>
internal sealed class TlsClient : IAsyncDisposable
{
    private readonly TcpClient _tcp;

    private TlsClient(TcpClient tcp, SslStream stream) => (_tcp, Stream) = (tcp, stream);

    public SslStream Stream { get; }

    public X509Certificate2 Certificate => new(Stream.RemoteCertificate!);

    /// <summary>Connects; an empty name sends none.</summary>
    public static async Task<TlsClient> ConnectAsync(int port, string name, X509Certificate2? client = null, Action<SslClientAuthenticationOptions>? more = null)
    {
        var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync("127.0.0.1", port);
#pragma warning disable CA5359 // What is tested is which certificate is shown, not whether it is trusted.
            var stream = new SslStream(tcp.GetStream(), false, static (_, _, _, _) => true);
#pragma warning restore CA5359
            // An address is never sent as a server name (RFC 6066, 3).
            var options = new SslClientAuthenticationOptions { TargetHost = name.Length == 0 ? "127.0.0.1" : name };
            if (client is not null)
                options.ClientCertificateContext = SslStreamCertificateContext.Create(client, null, offline: true);
            more?.Invoke(options);
            await stream.AuthenticateAsClientAsync(options);
            return new TlsClient(tcp, stream);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>Whether the server ends the handshake. In TLS 1.3 the client may learn it only when it reads.</summary>
    public static async Task<bool> IsRefusedAsync(int port, string name, X509Certificate2? client = null, Action<SslClientAuthenticationOptions>? more = null)
    {
        try
        {
            await using var connection = await ConnectAsync(port, name, client, more);
            return Wire.StatusOf(await connection.GetAsync(name)) == 0;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return true;
        }
    }

    /// <summary>A request that leaves the connection open; the answer's head.</summary>
    public async Task<string> GetAsync(string host, string target = "/")
    {
        await Stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        var answer = new StringBuilder();
        var one = new byte[1];
        using var soon = new CancellationTokenSource(Eventually.Patience);
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await Stream.ReadAsync(one, soon.Token) == 0)
                return answer.ToString();
            answer.Append((char)one[0]);
        }

        var length = int.Parse(Wire.HeaderOf(answer.ToString(), "Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var body = new byte[length];
        await Stream.ReadExactlyAsync(body, soon.Token);
        return answer.ToString() + Encoding.Latin1.GetString(body);
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        _tcp.Dispose();
    }
}
