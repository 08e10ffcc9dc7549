using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Audit.Sinks;

/// <summary>
/// Syslog over TLS. The protocol has no acknowledgement: what was on its way when a connection broke may not have arrived. So the
/// last messages are sent again on a new connection; a receiver tells them apart by node and sequence.
/// </summary>
internal sealed class SyslogSink(SyslogOptions options) : IRecordSink
{
    /// <summary>More than lies in the buffers of a connection: records of about 500 bytes, and buffers of half a megabyte.</summary>
    private const int Remembered = 2000;

    /// <summary>Messages written at once.</summary>
    private const int Batch = 250;

    private readonly Queue<byte[]> _recent = new(Remembered);
    private SslStream? _stream;
    private Task _peer = Task.CompletedTask;

    public string Name => "syslog";

    public Task<long?> TakenAsync(string node, CancellationToken cancellation) => Task.FromResult<long?>(null);

    public async Task TakeAsync(IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        try
        {
            if (_stream is null || _peer.IsCompleted)
            {
                await ConnectAsync(cancellation);
                foreach (var again in _recent.Chunk(Batch)) await WriteAsync(again, cancellation);
            }
            foreach (var batch in records.Chunk(Batch))
            {
                byte[][] messages = [.. batch.Select(SyslogMessage.Of)];
                await WriteAsync(messages, cancellation);
                foreach (var message in messages) Remember(message);
            }
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is { } stream && !_peer.IsCompleted)
        {
            try
            {
                // Told that this is the end, the receiver knows that it has everything.
                await stream.ShutdownAsync().WaitAsync(TimeSpan.FromSeconds(1));
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or InvalidOperationException)
            {
            }
        }
        await CloseAsync();
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        await CloseAsync();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancellation);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(Tls(), cancellation);
            (_stream, _peer) = (stream, WaitForEndAsync(stream));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions Tls()
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = options.Host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (options.Certificate is { } certificate) tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        if (options.Authorities is { } authorities)
        {
            tls.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        return tls;
    }

    /// <summary>A receiver says nothing: whatever comes is the end of the connection.</summary>
    private static async Task WaitForEndAsync(SslStream stream)
    {
        try
        {
            var buffer = new byte[256];
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The same.
        }
    }

    private async Task WriteAsync(IReadOnlyList<byte[]> messages, CancellationToken cancellation)
    {
        await _stream!.WriteAsync(messages.SelectMany(message => message).ToArray(), cancellation);
        await _stream.FlushAsync(cancellation);
        if (_peer.IsCompleted) throw new IOException("The receiver ended the connection.");
    }

    private void Remember(byte[] message)
    {
        if (_recent.Count == Remembered) _recent.Dequeue();
        _recent.Enqueue(message);
    }

    private async Task CloseAsync()
    {
        if (_stream is not { } stream) return;
        _stream = null;
        await stream.DisposeAsync();
    }
}
