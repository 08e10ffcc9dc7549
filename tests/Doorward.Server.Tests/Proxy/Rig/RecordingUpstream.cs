using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>An upstream that keeps every byte of every request's head, and answers as it was told.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public RecordingUpstream()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The heads of the requests that came, one string each, without the empty line.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Connections ever accepted.</summary>
    public int Connections { get; private set; }

    /// <summary>The raw answer to a request, by its head.</summary>
    public Func<string, string> Answer { get; set; } = _ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Takes over a connection once a request's head has come; for what is no plain answer.</summary>
    public Func<string, Stream, Task>? Converse { get; set; }

    public string Only => Assert.Single(Heads);

    public IEnumerable<string> Headers(string name) => Only.Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        try
        {
            await _accepting;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // That is how a listener ends.
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Connections++;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head)
            {
                Heads.Enqueue(head);
                if (Converse is { } converse)
                {
                    await converse(head, stream);
                    return;
                }

                Bodies.Enqueue(await ReadBodyAsync(head, stream));
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer(head)), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The other side left.
        }
    }

    private async Task<string?> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
            if (head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
                return head.ToString(0, head.Length - 4);
        }

        return null;
    }

    private async Task<string> ReadBodyAsync(string head, Stream stream)
    {
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1];
        if (length is not null)
        {
            var body = new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, _stop.Token);
            return Encoding.Latin1.GetString(body);
        }

        return head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? await ReadChunksAsync(stream) : "";
    }

    private async Task<string> ReadChunksAsync(Stream stream)
    {
        var body = new StringBuilder();
        while (await ReadLineAsync(stream) is { } size and not "0")
        {
            var chunk = new byte[Convert.ToInt32(size, 16)];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            body.Append(Encoding.Latin1.GetString(chunk));
            await ReadLineAsync(stream);
        }

        await ReadLineAsync(stream);
        return body.ToString();
    }

    private async Task<string> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }
}
