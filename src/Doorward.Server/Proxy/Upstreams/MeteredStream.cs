using Doorward.Server.Proxy.Streams;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>The client's side of a stream, counted, held and cut. Reads of no bytes pass through, so that an idle stream holds no buffer.</summary>
/// <param name="incoming">Follows what the client sends; null where its frames are not known.</param>
/// <param name="reads">Counts what the client sends; null where only the response passes here.</param>
internal sealed class MeteredStream(Stream inner, Meter meter, Outflow outflow, WebSocketFrames? incoming, Exchange? reads) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        meter.BytesOut += buffer.Length;
        return outflow.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
