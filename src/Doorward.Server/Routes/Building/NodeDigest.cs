using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Tells whether two documents say the same, whatever their layout, comments, places and the order of their keys.</summary>
internal static class NodeDigest
{
    /// <summary>SHA-256 over the nodes and further texts, lower-case hexadecimal.</summary>
    public static string Of(Node? node, params ReadOnlySpan<string?> more)
    {
        var canonical = new ArrayBufferWriter<byte>(512);
        if (node is not null) Write(node, canonical);
        foreach (var text in more) Write((byte)'+', text ?? "", canonical);
        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }

    /// <summary>A short digest for each key that is written.</summary>
    public static IReadOnlyList<KeyValuePair<string, ulong>> Keys(Section section) => section.Node is { } node
        ? [.. node.Entries.Select(entry => KeyValuePair.Create(SectionShape.Of(section.GetType()).ByName.GetValueOrDefault(entry.Key)?.Name ?? entry.Key, Short(entry.Value)))]
        : [];

    private static ulong Short(Node node)
    {
        var canonical = new ArrayBufferWriter<byte>(64);
        Write(node, canonical);
        return BitConverter.ToUInt64(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void Write(Node node, ArrayBufferWriter<byte> canonical)
    {
        switch (node)
        {
            case ScalarNode scalar:
                Write((byte)('0' + (int)scalar.Kind), scalar.Text, canonical);
                break;
            case SequenceNode sequence:
                canonical.Write("["u8);
                foreach (var item in sequence.Items) Write(item, canonical);
                canonical.Write("]"u8);
                break;
            case MappingNode mapping:
                canonical.Write("{"u8);
                foreach (var entry in mapping.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    Write((byte)':', entry.Key, canonical);
                    Write(entry.Value, canonical);
                }

                canonical.Write("}"u8);
                break;
        }
    }

    // The length stands before the text, so that no text can pretend to be structure.
    private static void Write(byte kind, string text, ArrayBufferWriter<byte> canonical)
    {
        var head = canonical.GetSpan(5);
        head[0] = kind;
        var length = Encoding.UTF8.GetByteCount(text);
        BitConverter.TryWriteBytes(head[1..], length);
        canonical.Advance(5);
        Encoding.UTF8.GetBytes(text, canonical);
    }
}
