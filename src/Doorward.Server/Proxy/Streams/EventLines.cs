namespace Doorward.Server.Proxy.Streams;

/// <summary>Server-sent events (WHATWG HTML, 9.2.6): an event ends with an empty line; a line with CR, LF or both.</summary>
internal sealed class EventLines : Framing
{
    private bool _lineIsEmpty = true;
    private bool _afterCarriageReturn;
    private bool _atBoundary = true;

    public override bool AtBoundary => _atBoundary;

    public override int Follow(ReadOnlySpan<byte> bytes, bool toBoundary = false)
    {
        for (var i = 0; i < bytes.Length;)
        {
            var end = bytes[i..].IndexOfAny((byte)'\r', (byte)'\n');
            if (end != 0)
            {
                // The rest of a line: nothing to see before its end.
                (_lineIsEmpty, _atBoundary, _afterCarriageReturn) = (false, false, false);
                i = end < 0 ? bytes.Length : i + end;
                continue;
            }
            var isSecondHalf = bytes[i] == '\n' && _afterCarriageReturn;
            _afterCarriageReturn = bytes[i] == '\r';
            i++;
            if (isSecondHalf) continue;
            (_atBoundary, _lineIsEmpty) = (_lineIsEmpty, true);
            if (toBoundary && _atBoundary) return i;
        }
        return bytes.Length;
    }
}
