using System.Diagnostics;
using System.Globalization;
using System.Net;
using Doorward.Revocation.Site;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Loads;

/// <summary>
/// The process that sends bystanders' requests: so many a second, whatever the answers take, for a client that waits would hide what it
/// waited for. Each line on its standard input asks for what was seen since the last; it ends with its input.
/// </summary>
internal sealed class PacedLoad(int rate, IReadOnlyList<string> cookies, IReadOnlyList<HttpMessageInvoker> nodes)
{
    /// <summary>Requests under way at once. What comes on top of that is not sent, and counts as not answered: a node that cannot follow is not to take the machine with it.</summary>
    private const int Most = 2000;

    /// <summary>Sockets to each node.</summary>
    private const int MostSockets = 64;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private List<double> _milliseconds = [];
    private int _failures, _underWay;
    private long _marked = Stopwatch.GetTimestamp();

    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var load = new PacedLoad(
            int.Parse(args[0], CultureInfo.InvariantCulture),
            await File.ReadAllLinesAsync(args[1]),
            [.. args.Skip(3).Select(port => Client(int.Parse(port, CultureInfo.InvariantCulture), args[2]))]);
        using var stop = new CancellationTokenSource();
        var sending = load.SendAsync(stop.Token);
        while (await Console.In.ReadLineAsync() is not null) Console.WriteLine(load.Mark().Write());
        await stop.CancelAsync();
        await sending;
    }

    private static HttpMessageInvoker Client(int port, string authority)
    {
        var handler = Browsers.Handler(port, authority);
        handler.MaxConnectionsPerServer = MostSockets;
        return new(handler);
    }

    private async Task SendAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_tick);
        var began = Stopwatch.GetTimestamp();
        for (long sent = 0; !stop.IsCancellationRequested; await timer.WaitForNextTickAsync(CancellationToken.None))
            for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * rate); sent < due; sent++)
                _ = AskAsync(nodes[(int)(sent % nodes.Count)], cookies[(int)(sent % cookies.Count)]);
    }

    private async Task AskAsync(HttpMessageInvoker node, string cookie)
    {
        var began = Stopwatch.GetTimestamp();
        var good = false;
        try
        {
            if (Interlocked.Increment(ref _underWay) > Most) throw new IOException("Too many are under way.");
            using var request = Bodies.Request(HttpMethod.Get, Service.Page, HttpVersion.Version11, cookie);
            using var answer = await node.SendAsync(request, CancellationToken.None);
            await answer.Content.CopyToAsync(Stream.Null);
            good = answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        lock (_lock)
        {
            _milliseconds.Add(took);
            if (!good) _failures++;
        }
    }

    private Seen Mark()
    {
        lock (_lock)
        {
            var sorted = _milliseconds.Order().ToArray();
            var seen = sorted.Length == 0 ? new Seen(0, 0, 0, 0, _failures)
                : new Seen(sorted.Length / Stopwatch.GetElapsedTime(_marked).TotalSeconds, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], sorted[^1], _failures);
            (_milliseconds, _failures, _marked) = ([], 0, Stopwatch.GetTimestamp());
            return seen;
        }
    }
}
