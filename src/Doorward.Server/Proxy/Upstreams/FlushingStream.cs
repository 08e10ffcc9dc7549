namespace Doorward.Server.Proxy.Upstreams;

/// <summary>What the client sends to the upstream: flushed after each write, counted, and held or cut with the connection.</summary>
internal sealed class FlushingStream(Stream inner, Exchange exchange, KeptBody? kept) : AsyncStream
{
    public override bool CanWrite => true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!await exchange.Connection.PassAsync(cancellationToken))
            await exchange.Connection.OverAsync();
        await inner.WriteAsync(buffer, cancellationToken);
        await inner.FlushAsync(cancellationToken);
        exchange.BytesIn += buffer.Length;
        kept?.Add(buffer.Span);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
