using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Tells whether two documents say the same.</summary>
internal static class NodeDigest
{
    /// <summary>Whatever their layout, comments, places and the order of their keys. SHA-256 over the nodes and further texts, lower-case hexadecimal.</summary>
    public static string Of(Node? node, params ReadOnlySpan<string?> more) => Of(node, asWritten: false, more);

    /// <summary>At the same places: for what is used again, because what was made of it points there.</summary>
    public static string AsWritten(Node? node, params ReadOnlySpan<string?> more) => Of(node, asWritten: true, more);

    private static string Of(Node? node, bool asWritten, ReadOnlySpan<string?> more)
    {
        var canonical = new ArrayBufferWriter<byte>(512);
        if (node is not null) Write(node, asWritten, canonical);
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
        Write(node, asWritten: false, canonical);
        return BitConverter.ToUInt64(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void Write(Node node, bool asWritten, ArrayBufferWriter<byte> canonical)
    {
        if (asWritten)
        {
            Write(node.Place.Line, canonical);
            Write(node.Place.Column, canonical);
        }

        switch (node)
        {
            case ScalarNode scalar:
                Write((byte)('0' + (int)scalar.Kind), scalar.Text, canonical);
                break;
            case SequenceNode sequence:
                canonical.Write("["u8);
                foreach (var item in sequence.Items) Write(item, asWritten, canonical);
                canonical.Write("]"u8);
                break;
            case MappingNode mapping:
                canonical.Write("{"u8);
                foreach (var entry in asWritten ? mapping.Entries.AsEnumerable() : mapping.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    Write((byte)':', entry.Key, canonical);
                    Write(entry.Value, asWritten, canonical);
                }

                canonical.Write("}"u8);
                break;
        }
    }

    // The length stands before the text, so that no text can pretend to be structure.
    private static void Write(byte kind, string text, ArrayBufferWriter<byte> canonical)
    {
        canonical.Write([kind]);
        Write(Encoding.UTF8.GetByteCount(text), canonical);
        Encoding.UTF8.GetBytes(text, canonical);
    }

    private static void Write(int number, ArrayBufferWriter<byte> canonical)
    {
        BitConverter.TryWriteBytes(canonical.GetSpan(sizeof(int)), number);
        canonical.Advance(sizeof(int));
    }
}
