namespace Doorward.Server.Proxy.Streams;

/// <summary>
/// WebSocket frames (RFC 6455, 5.2): only their headers are read. A control frame may stand between the fragments of a message, so
/// the end of each frame is a boundary; extension bits and compressed payloads are nobody's business here.
/// </summary>
internal sealed class WebSocketFrames : Framing
{
    private const int Close = 8;

    private int _position;
    private int _headerLength;
    private int _lengthBytes;
    private bool _isControl;
    private ulong _length;
    private ulong _payloadLeft;

    /// <summary>The peer has begun to close.</summary>
    public bool SawClose { get; private set; }

    /// <summary>Bytes of data frames so far; pings and pongs are none.</summary>
    public ulong DataBytes { get; private set; }

    public override bool AtBoundary => _position == 0 && _payloadLeft == 0;

    public override int Follow(ReadOnlySpan<byte> bytes, bool toBoundary = false)
    {
        for (var i = 0; i < bytes.Length;)
        {
            if (_payloadLeft > 0)
            {
                var taken = (int)Math.Min(_payloadLeft, (ulong)(bytes.Length - i));
                _payloadLeft -= (ulong)taken;
                if (!_isControl) DataBytes += (ulong)taken;
                i += taken;
            }
            else
            {
                FollowHeader(bytes[i++]);
            }
            if (toBoundary && AtBoundary) return i;
        }
        return bytes.Length;
    }

    private void FollowHeader(byte value)
    {
        if (_position == 0)
        {
            var opcode = value & 0x0F;
            _isControl = opcode >= Close;
            SawClose |= opcode == Close;
            _headerLength = 2;
        }
        else if (_position == 1)
        {
            var length = value & 0x7F;
            _lengthBytes = length switch { 126 => 2, 127 => 8, _ => 0 };
            _length = _lengthBytes == 0 ? (ulong)length : 0;
            _headerLength = 2 + _lengthBytes + ((value & 0x80) != 0 ? 4 : 0);
        }
        else if (_position < 2 + _lengthBytes)
        {
            _length = (_length << 8) | value;
        }
        if (++_position < _headerLength) return;
        (_payloadLeft, _position) = (_length, 0);
    }
}
