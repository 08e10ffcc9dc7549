using System.Text;

namespace Doorward.Server.Proxy.Headers;

/// <summary>
/// Keeps the names in a Connection header, which RFC 9110, 7.6.1 tells a proxy to remove. Kestrel replaces <c>close, X-Hop</c> by a constant
/// <c>close</c>, but only where there is exactly one word that it knows: so this adds a second one that changes nothing, or takes away
/// <c>keep-alive</c>, which HTTP/1.1 means anyway.
/// </summary>
internal sealed class WholeConnection : Encoding
{
    public override int GetCharCount(byte[] bytes, int index, int count) => Read(bytes, index, count).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Read(bytes, byteIndex, byteCount);
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount + ", keep-alive".Length;

    private static string Read(byte[] bytes, int index, int count)
    {
        var text = Latin1.GetString(bytes, index, count);
        if (!text.Contains(','))
            return text;
        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.All(IsKnown))
            return text;
        return words.Contains("close", StringComparer.OrdinalIgnoreCase) || words.Contains("upgrade", StringComparer.OrdinalIgnoreCase)
            ? text + ", keep-alive"
            : string.Join(", ", words.Where(word => !IsKnown(word)));
    }

    private static bool IsKnown(string word) =>
        word.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || word.Equals("close", StringComparison.OrdinalIgnoreCase)
        || word.Equals("upgrade", StringComparison.OrdinalIgnoreCase);
}
