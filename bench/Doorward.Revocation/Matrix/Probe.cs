using System.Diagnostics;
using System.Net;
using Doorward.Revocation.Site;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Matrix;

/// <summary>Asks one node for a page over and over, as somebody who is let in, until it refuses.</summary>
internal sealed class Probe(Node node, Person person)
{
    /// <summary>Between an answer and the next request; what is measured is late by this and a round trip at most.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(1);

    private readonly TaskCompletionSource _letIn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>This node has let the person in.</summary>
    public Task LetIn => _letIn.Task;

    /// <summary>When the first refusal had come, by the stopwatch.</summary>
    public async Task<long> RefusedAsync(CancellationToken cancellation)
    {
        try
        {
            for (; ; await Task.Delay(_pause, cancellation))
            {
                if (await TryAsync(cancellation) is not var (status, at)) continue;
                if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && _letIn.Task.IsCompletedSuccessfully) return at;
                if (status != HttpStatusCode.OK) throw new InvalidOperationException($"A node answered {(int)status}.");
                _letIn.TrySetResult();
            }
        }
        catch (Exception e)
        {
            _letIn.TrySetException(e);
            throw;
        }
    }

    /// <summary>One request more: whoever was refused may not be let in again.</summary>
    public async Task<bool> IsLetInAsync() => (await AskAsync(CancellationToken.None)).Status == HttpStatusCode.OK;

    // A page under way when access ends is broken off like any other body: no refusal yet.
    private async Task<(HttpStatusCode Status, long At)?> TryAsync(CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && _letIn.Task.IsCompletedSuccessfully)
        {
            return null;
        }
    }

    private async Task<(HttpStatusCode Status, long At)> AskAsync(CancellationToken cancellation)
    {
        using var request = Bodies.Request(HttpMethod.Get, Service.Page, HttpVersion.Version11, person.Cookie);
        using var answer = await node.Browser.SendAsync(request, cancellation);
        var at = Stopwatch.GetTimestamp();
        await answer.Content.CopyToAsync(Stream.Null, cancellation);
        return (answer.StatusCode, at);
    }
}
