using System.Collections.Concurrent;
using Doorward.EndToEnd.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>A request of somebody who is signed in, or not, and what is right to answer.</summary>
/// <param name="Url">What is asked for.</param>
/// <param name="Cookie">Whose session; null for none.</param>
/// <param name="Right">The status.</param>
/// <param name="Content">What only those may read who are let in.</param>
internal sealed record Request(Uri Url, string? Cookie, int Right, string Content)
{
    public bool IsRight(Told told) => told.Status == Right && told.Body.Contains(Content, StringComparison.Ordinal) == (Right == 200);
}

/// <summary>Asks all requests over and over, and keeps every answer that was not right.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly Task[] _asking;
    private long _answers;

    /// <param name="client">Asks.</param>
    /// <param name="requests">What it asks, each in a loop of its own.</param>
    /// <param name="mayBreak">Whether a connection may break: what was cut was not answered, and so not wrongly.</param>
    public Traffic(NodeClient client, IReadOnlyList<Request> requests, bool mayBreak) =>
        _asking = [.. requests.Select(request => Task.Run(() => AskAsync(client, request, mayBreak)))];

    public long Answers => Interlocked.Read(ref _answers);

    public IReadOnlyCollection<string> Wrong => _wrong;

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_asking);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task AskAsync(NodeClient client, Request request, bool mayBreak)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var told = await client.AskAsync(request.Url, request.Cookie);
                Interlocked.Increment(ref _answers);
                if (!request.IsRight(told)) _wrong.Enqueue($"{request.Url} {request.Right}: {told}");
            }
            catch (HttpRequestException broken)
            {
                if (!mayBreak) _wrong.Enqueue($"{request.Url}: {broken.Message}");
            }
        }
    }
}
