using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Doorward.Server.Tests.Audit;

/// <summary>Takes syslog over TLS as RFC 5425 frames it; may be told to hang up after so many messages.</summary>
internal sealed class SyslogReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public SyslogReceiver(X509Certificate2 certificate, int port = 0, int hangUpAfter = int.MaxValue)
    {
        (_certificate, HangUpAfter) = (certificate, hangUpAfter);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int HangUpAfter { get; set; }

    public int Connections { get; private set; }

    public List<string> Messages { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var socket = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await using var stream = new SslStream(socket.GetStream());
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
                Connections++;
                await ReceiveAsync(stream);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // The next one.
            }
        }
    }

    private async Task ReceiveAsync(SslStream stream)
    {
        for (var taken = 0; taken < HangUpAfter; taken++)
        {
            var length = 0;
            var one = new byte[1];
            while (true)
            {
                if (await stream.ReadAsync(one, _stopping.Token) == 0) return;
                if (one[0] == ' ') break;
                length = (length * 10) + one[0] - '0';
            }
            var message = new byte[length];
            await stream.ReadExactlyAsync(message, _stopping.Token);
            lock (Messages) Messages.Add(Encoding.UTF8.GetString(message));
        }
    }
}
