using System.Buffers.Binary;
using System.Text;

namespace Doorward.Policy;

/// <summary>Finds the key in a line of authorized_keys: <c>[options] type base64 [comment]</c>.</summary>
internal static class SshKeys
{
    private const string Blank = " \t";
    private static readonly string[] TypePrefixes = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

    /// <summary>The first word that is a type, outside quotes, with the word after it.</summary>
    public static bool TryFind(ReadOnlySpan<char> line, out ReadOnlySpan<char> type, out ReadOnlySpan<char> key)
    {
        type = key = default;
        line = line.TrimStart(Blank);
        while (!line.IsEmpty)
        {
            var word = FirstWord(line);
            line = line[word.Length..].TrimStart(Blank);
            if (!IsType(word)) continue;
            type = word;
            key = FirstWord(line);
            return !key.IsEmpty;
        }

        return false;
    }

    /// <summary>Whether the base64 decodes to a key that names the same type (RFC 4253, section 6.6).</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> type, ReadOnlySpan<char> key)
    {
        var bytes = new byte[key.Length];
        if (!Convert.TryFromBase64Chars(key, bytes, out var length) || length < 4) return false;
        var named = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return named == type.Length && length > 4 + named && Encoding.ASCII.GetString(bytes, 4, type.Length).AsSpan().SequenceEqual(type);
    }

    private static bool IsType(ReadOnlySpan<char> word)
    {
        foreach (var prefix in TypePrefixes)
            if (word.StartsWith(prefix)) return true;
        return false;
    }

    /// <summary>What stands before the first blank outside quotes.</summary>
    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> line)
    {
        var (end, quoted) = (0, false);
        for (; end < line.Length && (quoted || line[end] is not (' ' or '\t')); end++)
            if (line[end] == '"' && (end == 0 || line[end - 1] != '\\')) quoted = !quoted;
        return line[..end];
    }
}
