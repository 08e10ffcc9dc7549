namespace Doorward.Server.Proxy.Streams;

/// <summary>gRPC over HTTP/2: each message has a byte that says whether it is compressed, and its length in four.</summary>
internal sealed class GrpcMessages : Framing
{
    private const int PrefixBytes = 5;

    private int _prefixRead;
    private uint _length;
    private uint _messageLeft;

    public override bool AtBoundary => _prefixRead == 0 && _messageLeft == 0;

    public override int Follow(ReadOnlySpan<byte> bytes, bool toBoundary = false)
    {
        for (var i = 0; i < bytes.Length;)
        {
            if (_messageLeft > 0)
            {
                var taken = (int)Math.Min(_messageLeft, (uint)(bytes.Length - i));
                _messageLeft -= (uint)taken;
                i += taken;
            }
            else
            {
                if (_prefixRead++ > 0) _length = (_length << 8) | bytes[i];
                i++;
                if (_prefixRead == PrefixBytes) (_messageLeft, _length, _prefixRead) = (_length, 0, 0);
            }
            if (toBoundary && AtBoundary) return i;
        }
        return bytes.Length;
    }
}
