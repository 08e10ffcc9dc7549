using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Doorward.Server.Tests.Lab;

/// <summary>A TCP proxy on loopback that can do to a connection what networks do: swallow, delay, or cut it at an exact point.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private volatile bool _swallow;
    private byte[]? _cutText;
    private volatile Socket? _answerToCut;
    private bool _deliverBeforeCut;

    private FaultProxy(int target) => _target = target;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static FaultProxy Start(int targetPort)
    {
        var proxy = new FaultProxy(targetPort);
        proxy._listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>From now on bytes go nowhere, in both directions, while connections stay open.</summary>
    public void Blackhole() => _swallow = true;

    public void Heal() => _swallow = false;

    /// <summary>Resets every connection.</summary>
    public void Reset()
    {
        foreach (var client in _pairs.Keys)
            Cut(client);
    }

    /// <summary>
    /// Resets, once, the connection whose client sends <paramref name="text"/>: after the server has received it and answered, where
    /// <paramref name="delivered"/>; before it hears anything otherwise.
    /// </summary>
    public void CutOnce(string text, bool delivered)
    {
        _deliverBeforeCut = delivered;
        Volatile.Write(ref _cutText, Encoding.ASCII.GetBytes(text));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Reset();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                client.NoDelay = server.NoDelay = true;
                _pairs[client] = server;
                _ = PumpAsync(client, server, client);
                _ = PumpAsync(server, client, client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Socket client)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, _stop.Token);
                if (count == 0)
                    break;
                if (from == client && IsToBeCut(buffer.AsSpan(0, count)))
                {
                    if (!_deliverBeforeCut)
                        break;
                    _answerToCut = client;
                }
                else if (from != client && _answerToCut == client)
                {
                    // The server has done what it was asked, and this was its answer.
                    break;
                }

                if (!_swallow)
                    await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        Cut(client);
    }

    private bool IsToBeCut(ReadOnlySpan<byte> sent)
    {
        var text = Volatile.Read(ref _cutText);
        return text is not null && sent.IndexOf(text) >= 0 && Interlocked.CompareExchange(ref _cutText, null, text) == text;
    }

    private void Cut(Socket client)
    {
        if (!_pairs.TryRemove(client, out var server))
            return;
        // Zero seconds of lingering make it a reset.
        client.LingerState = new(true, 0);
        client.Dispose();
        server.Dispose();
    }
}
