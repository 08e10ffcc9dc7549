using System.Buffers;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>What has been sent of a small body, for as long as the request may have to be sent once more.</summary>
internal sealed class KeptBody
{
    /// <summary>Bytes; a body that is longer is not kept. What asks questions of a calendar or deletes a thing is far below.</summary>
    private const int Most = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _tooLong, _complete;

    /// <summary>The whole body; null where it was too long, or has not come to its end.</summary>
    public byte[]? Whole => _complete && !_tooLong ? _bytes.WrittenSpan.ToArray() : null;

    public void Add(ReadOnlySpan<byte> piece)
    {
        _tooLong |= _bytes.WrittenCount + piece.Length > Most;
        if (!_tooLong) _bytes.Write(piece);
    }

    public void Complete() => _complete = true;
}
