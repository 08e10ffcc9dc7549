using System.Text;

namespace Doorward.Server.Proxy.Headers;

/// <summary>
/// Makes Kestrel refuse a Content-Length that is not digits alone (RFC 9110, 8.6). Left to itself it reads <c>+69</c> as 69 and forgets
/// how it was written; but it lets the application decode each header, and gives up on a length of 20 characters.
/// </summary>
internal sealed class StrictContentLength : Encoding
{
    private const int Refused = 20;
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length is 0 or >= Refused || bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return Refused;
        return Ascii.ToUtf16(bytes, chars, out var written) == System.Buffers.OperationStatus.Done ? written : Refused;
    }

    // The rest serves Kestrel's message about the refusal.
    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Latin1.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
