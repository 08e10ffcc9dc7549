using System.Diagnostics.CodeAnalysis;
using Doorward.Server.Access;
using Doorward.Server.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy.Streams;

/// <summary>
/// What goes to one client. Bytes pass as they come while the connection is open, wait while it is held; when it is cut, the frame
/// under way is finished, the last word follows, and nothing after it. A client or upstream that is too slow for that is broken off.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to free.")]
internal sealed class Outflow(HttpContext context, Connection connection, LastWord? lastWord, TimeProvider time)
{
    /// <summary>For the frame under way, the last word and the client's answer together: what was taken away must be gone soon.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream? _inner;

    /// <summary>The last word has gone out whole: the end of the stream may look like one.</summary>
    public bool HasSaid => _said.Task.IsCompletedSuccessfully;

    /// <summary>Whether the client, once told, says a last word of its own.</summary>
    public bool AwaitsAnswer { get; init; }

    /// <summary>What is passed on; null where it can only be broken off.</summary>
    public UpstreamBody? Body { get; init; }

    /// <summary>The client's side; from here on the client can be told.</summary>
    public void Open(Stream inner)
    {
        _inner = inner;
        connection.Asks = true;
        if (lastWord is not null) connection.Farewell = FarewellAsync;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (await connection.PassAsync(cancel) && await TryWriteAsync(bytes, cancel)) return;
        await FinishAsync(bytes, cancel);
        await connection.OverAsync();
    }

    /// <summary>Whether what the client sends may go on. Waits while held.</summary>
    public ValueTask<bool> MayReadAsync(CancellationToken cancel) => connection.PassAsync(cancel);

    /// <summary>The client has said its last word, or is gone.</summary>
    public void Answered() => _answered.TrySetResult();

    /// <summary>Ends with the connection.</summary>
    public Task OverAsync() => connection.OverAsync();

    private async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (lastWord is null)
        {
            await _inner!.WriteAsync(bytes, cancel);
            return true;
        }
        await _turn.WaitAsync(cancel);
        try
        {
            // It was cut while we waited for our turn.
            if (connection.IsCut) return false;
            await _inner!.WriteAsync(bytes, cancel);
            lastWord.Framing.Follow(bytes.Span);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What of these bytes still belongs to the frame under way, and the last word when that is whole.</summary>
    private async Task FinishAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        // Too old facts let nothing pass, not even the rest of a frame.
        if (lastWord is null || connection.Ending is not { IsOutage: false } ending) return;
        await _turn.WaitAsync(cancel);
        try
        {
            if (HasSaid || lastWord.Framing.AtBoundary) return;
            await _inner!.WriteAsync(bytes[..lastWord.Framing.Follow(bytes.Span, toBoundary: true)], cancel);
            if (lastWord.Framing.AtBoundary) await SayAsync(ending, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task FarewellAsync(Ending ending)
    {
        // An answer that has not begun can still be a refusal like any other.
        if (!context.Response.HasStarted) return;
        using var grace = new CancellationTokenSource(Grace, time);
        await _turn.WaitAsync(grace.Token);
        try
        {
            if (lastWord!.Framing.AtBoundary && !HasSaid) await SayAsync(ending, grace.Token);
        }
        finally
        {
            _turn.Release();
        }
        await _said.Task.WaitAsync(grace.Token);
        // Ended before the client has read it, the word could be lost with the connection.
        if (AwaitsAnswer) await _answered.Task.WaitAsync(grace.Token);
        // From a stack that is short, for the HTTP client writes all of it down for each read that is cancelled.
        if (Body is { } body) await Task.Run(body.End);
    }

    private async Task SayAsync(Ending ending, CancellationToken cancel)
    {
        var bytes = lastWord!.Write(context, ending);
        if (bytes.Length > 0)
        {
            await _inner!.WriteAsync(bytes, cancel);
            await _inner.FlushAsync(cancel);
        }
        _said.TrySetResult();
    }
}
