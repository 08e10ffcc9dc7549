namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// What the client sends to the upstream: flushed after each write, counted, and held or cut with the connection.
/// An upstream may answer before it has read the body, and close: its answer (403, 413) is worth
/// more than our broken pipe, and the HTTP client reads it only where sending did not fail. So what is left of a body of known
/// length goes nowhere.
/// </summary>
internal sealed class FlushingStream(Stream inner, Exchange exchange) : Stream
{
    /// <summary>Beyond this the client is not kept sending for an answer that may not be there.</summary>
    private const long MostUnread = 1024 * 1024;

    private long _unread;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!await exchange.Connection.PassAsync(cancellationToken))
            await exchange.Connection.OverAsync();
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }
        catch (IOException) when (_unread < MostUnread && !cancellationToken.IsCancellationRequested)
        {
            _unread += buffer.Length;
        }

        exchange.BytesIn += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
