using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Doorward.Server.Tests.Lab;

/// <summary>Which way bytes go through a proxy.</summary>
[Flags]
internal enum Direction
{
    ToServer = 1,
    ToClient = 2,
    Both = ToServer | ToClient,
}

/// <summary>A TCP proxy on loopback that can do to a connection what networks do: hold it up, delay it, forget one end of it, or cut it at an exact point.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Pair, bool> _pairs = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private Hole _hole = new(default);
    private byte[]? _cutText, _mutedText;
    private bool _deliverBeforeCut;

    private FaultProxy(int target) => _target = target;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How long bytes are under way, each way.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Where set, the server's answers arrive byte by byte, this far apart.</summary>
    public TimeSpan? Trickle { get; set; }

    /// <summary>Where set, a connection is reset when its server has answered so many bytes.</summary>
    public int? ResetAfter { get; set; }

    public static FaultProxy Start(int targetPort)
    {
        var proxy = new FaultProxy(targetPort);
        proxy._listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>From now on bytes go nowhere, while connections stay open and new ones are taken; as with any network, they arrive once it is healed.</summary>
    public void Blackhole(Direction way = Direction.Both) => Interlocked.Exchange(ref _hole, new(way)).Close();

    public void Heal()
    {
        (Latency, Trickle, ResetAfter) = (TimeSpan.Zero, null, null);
        Blackhole(default);
    }

    /// <summary>Resets every connection.</summary>
    public void Reset()
    {
        foreach (var pair in _pairs.Keys) Cut(pair);
    }

    /// <summary>The server's end of every connection is gone, and the client is never told.</summary>
    public void HalfOpen()
    {
        foreach (var pair in _pairs.Keys)
        {
            pair.IsMuted = pair.IsGone = true;
            pair.Server.Dispose();
        }
    }

    /// <summary>From now on a client that has ever sent <paramref name="text"/> hears nothing more on that connection.</summary>
    public void Mute(string text)
    {
        Volatile.Write(ref _mutedText, Encoding.ASCII.GetBytes(text));
        foreach (var pair in _pairs.Keys.Where(pair => pair.Sent.Contains(text, StringComparison.Ordinal))) pair.IsMuted = true;
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
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var pair = new Pair(client, new Socket(SocketType.Stream, ProtocolType.Tcp));
        _pairs[pair] = true;
        try
        {
            await pair.Server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            client.NoDelay = pair.Server.NoDelay = true;
            await Task.WhenAny(PumpAsync(pair, Direction.ToServer), PumpAsync(pair, Direction.ToClient));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        Cut(pair);
    }

    private async Task PumpAsync(Pair pair, Direction way)
    {
        var (from, to) = way == Direction.ToServer ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer, _stop.Token)) > 0;)
            {
                if (way == Direction.ToServer ? !Sends(pair, buffer.AsSpan(0, count)) : !Answers(pair, count)) return;
                for (var hole = Volatile.Read(ref _hole); hole.Swallows(way); hole = Volatile.Read(ref _hole)) await hole.Closed.WaitAsync(_stop.Token);
                if (Latency > TimeSpan.Zero) await Task.Delay(Latency, _stop.Token);
                if (way == Direction.ToServer ? pair.IsGone : pair.IsMuted) continue;
                await SendAsync(to, buffer.AsMemory(0, count), way);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        // Whoever hears nothing does not hear the end either.
        if (pair.IsMuted) await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, Direction way)
    {
        for (; way == Direction.ToClient && Trickle is { } pause && bytes.Length > 0; bytes = bytes[1..])
        {
            await to.SendAsync(bytes[..1], _stop.Token);
            await Task.Delay(pause, _stop.Token);
        }

        for (; bytes.Length > 0; bytes = bytes[await to.SendAsync(bytes, _stop.Token)..]);
    }

    /// <summary>False where the connection is to be cut before its server hears this.</summary>
    private bool Sends(Pair pair, ReadOnlySpan<byte> sent)
    {
        // What a client opens its conversation with is little, and enough to know it by.
        if (pair.Sent.Length < 4096) pair.Sent += Encoding.Latin1.GetString(sent);
        if (Volatile.Read(ref _mutedText) is { } muted && sent.IndexOf(muted) >= 0) pair.IsMuted = true;
        var text = Volatile.Read(ref _cutText);
        if (text is null || sent.IndexOf(text) < 0 || Interlocked.CompareExchange(ref _cutText, null, text) != text) return true;
        return pair.IsToBeCut = _deliverBeforeCut;
    }

    /// <summary>False where the connection is to be cut instead of this answer.</summary>
    private bool Answers(Pair pair, int count) => !pair.IsToBeCut && !((pair.Answered += count) > ResetAfter);

    private void Cut(Pair pair)
    {
        if (!_pairs.TryRemove(pair, out _)) return;
        // Zero seconds of lingering make it a reset.
        pair.Client.LingerState = new(true, 0);
        pair.Client.Dispose();
        pair.Server.Dispose();
    }

    private sealed class Pair(Socket client, Socket server)
    {
        public Socket Client => client;

        public Socket Server => server;

        public string Sent { get; set; } = "";

        public int Answered { get; set; }

        /// <summary>The server has done what it was asked; its answer is not to arrive.</summary>
        public bool IsToBeCut { get; set; }

        public bool IsMuted { get; set; }

        public bool IsGone { get; set; }
    }

    private sealed class Hole(Direction way)
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Closed => _closed.Task;

        public bool Swallows(Direction bytes) => (way & bytes) != 0;

        public void Close() => _closed.TrySetResult();
    }
}
