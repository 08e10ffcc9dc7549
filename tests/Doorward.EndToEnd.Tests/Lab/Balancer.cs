using System.Net;
using System.Net.Sockets;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>One address for several nodes: gives each connection to the next of them that takes it.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile int[] _nodes = [];
    private int _turn;

    public Balancer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Use(params int[] nodes) => _nodes = nodes;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var held = client;
        using var node = await ConnectAsync();
        if (node is null) return;
        client.NoDelay = node.NoDelay = true;
        var ways = (Task[])[PumpAsync(client, node), PumpAsync(node, client)];
        await Task.WhenAny(ways);
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        var nodes = _nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = new TcpClient();
            try
            {
                await node.ConnectAsync(IPAddress.Loopback, nodes[(uint)Interlocked.Increment(ref _turn) % nodes.Length], _stop.Token);
                return node;
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                node.Dispose();
            }
        }

        return null;
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The other side hears of it: both are closed when the first way ends.
        }
    }
}
