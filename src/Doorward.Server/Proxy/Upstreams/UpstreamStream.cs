namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// A connection to an upstream. It may answer before it has read the request's body, and close: its answer (403, 413) is worth more
/// than our broken pipe, and the HTTP client reads it only where sending did not fail. So what is sent to one that has closed goes
/// nowhere, and what came from it is read.
/// </summary>
internal sealed class UpstreamStream(Stream inner) : AsyncStream
{
    /// <summary>Bytes. Beyond, the client is not kept sending for an answer that may not be there.</summary>
    private const long MostUnread = 1024 * 1024;

    private bool _closed;
    private long _unread;

    /// <summary>Only with HTTP/1.1: in HTTP/2 an answer comes beside the request, and a connection that takes nothing more must fail at once.</summary>
    public bool HearsOut { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_closed)
        {
            try
            {
                await inner.WriteAsync(buffer, cancellationToken);
                return;
            }
            catch (IOException) when (HearsOut && !cancellationToken.IsCancellationRequested)
            {
                _closed = true;
            }
        }
        _unread += buffer.Length;
        if (_unread > MostUnread) throw new IOException("The upstream has closed the connection, and takes nothing more.");
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _closed ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
