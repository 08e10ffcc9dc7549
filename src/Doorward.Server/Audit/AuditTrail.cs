using System.Buffers;
using System.Threading.Channels;

namespace Doorward.Server.Audit;

/// <summary>
/// Where every room writes what happened. A record is written before what it tells takes effect; where it cannot be, the caller
/// refuses. Completes at once on the request path; waits only where the operator asked for that (<c>strict</c>).
/// </summary>
internal sealed class AuditTrail : IAsyncDisposable
{
    private readonly Channel<byte[]> _lines = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    private readonly Task _writing;

    /// <summary>Writes records as JSON lines.</summary>
    public AuditTrail(Stream lines) => _writing = WriteAsync(lines);

    public ValueTask<Appended> Append(in DecisionRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            return new(Append(buffer, RecordText.Write(buffer, record)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The end of a connection. Nobody is left to refuse: what cannot be written now is written later.</summary>
    public void Append(in EndRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            Append(buffer, RecordText.Write(buffer, record));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ValueTask<Appended> Append(EventRecord record)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(RecordText.Largest);
        try
        {
            return new(Append(buffer, RecordText.Write(buffer, record)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private Appended Append(ReadOnlySpan<byte> text, RecordLengths lengths) =>
        _lines.Writer.TryWrite(RecordLine.Of(text, lengths)) ? Appended.Written : Appended.Refused;

    private async Task WriteAsync(Stream lines)
    {
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line)) await lines.WriteAsync(line);
            await lines.FlushAsync();
        }
    }
}
