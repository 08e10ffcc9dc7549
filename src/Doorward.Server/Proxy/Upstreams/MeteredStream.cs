using Doorward.Server.Proxy.Streams;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>The client's side of a stream, counted, held and cut. Reads of no bytes pass through, so that an idle stream holds no buffer.</summary>
/// <param name="incoming">Follows what the client sends; null where its frames are not known.</param>
/// <param name="reads">Counts what the client sends; null where only the response passes here.</param>
internal sealed class MeteredStream(Stream inner, Meter meter, Outflow outflow, WebSocketFrames? incoming, Exchange? reads) : AsyncStream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            if (buffer.IsEmpty)
                return read;
            incoming?.Follow(buffer.Span[..read]);
            if (await outflow.MayReadAsync(cancellationToken))
            {
                if (reads is not null)
                    reads.BytesIn += read;
                return read;
            }

            // Cut: what the client still sends goes nowhere, but its own last word is waited for.
            if (read > 0 && incoming?.SawClose != true)
                continue;
            outflow.Answered();
            await outflow.OverAsync();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        meter.BytesOut += buffer.Length;
        return outflow.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
