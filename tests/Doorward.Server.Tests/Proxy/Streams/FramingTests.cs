using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Doorward.Server.Proxy.Streams;

namespace Doorward.Server.Tests.Proxy.Streams;

/// <summary>However the bytes are split, the boundaries are where the frames end, and nowhere else.</summary>
public sealed class FramingTests
{
    private static readonly Gen<byte[]> _webSocketFrame =
        from final in Gen.Bool
        from opcode in Gen.Int[0, 5].Select(i => i < 3 ? i : i + 5)
        from bits in Gen.Int[0, 7]
        from masked in Gen.Bool
        from length in opcode >= 8 ? Gen.Int[0, 125] : Gen.OneOf(Gen.Int[0, 300], Gen.Const(125), Gen.Const(126), Gen.Const(65_535), Gen.Const(65_536))
        from widen in Gen.Bool
        from seed in Gen.Int
        select WebSocketFrame(final, bits, opcode, masked, length, widen && opcode < 8, seed);

    private static readonly Gen<byte[]> _event =
        from lines in Gen.String[Gen.Char["abc:  é"], 0, 12].Where(line => line.Length > 0).Array[1, 4]
        from end in Gen.Int[0, 2].Select(i => i switch { 0 => "\n", 1 => "\r\n", _ => "\r" })
        select Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + end)) + end);

    private static readonly Gen<byte[]> _message = Gen.Byte.Array[0, 700].Select(Gen.Bool, Message);

    [Fact]
    public void Boundaries_of_websocket_frames_are_found_at_any_split() => Holds(_webSocketFrame, () => new WebSocketFrames());

    [Fact]
    public void Boundaries_of_events_are_found_at_any_split() => Holds(_event, () => new EventLines());

    [Fact]
    public void Boundaries_of_grpc_messages_are_found_at_any_split() => Holds(_message, () => new GrpcMessages());

    [Fact]
    public void An_event_is_not_over_before_its_empty_line()
    {
        var lines = new EventLines();
        lines.Follow("data: a\r\n"u8);
        Assert.False(lines.AtBoundary);
        lines.Follow("id: 1\n\n"u8);
        Assert.True(lines.AtBoundary);
        lines.Follow(":"u8);
        Assert.False(lines.AtBoundary);
    }

    [Fact]
    public void Only_data_counts_as_data_and_a_close_is_seen()
    {
        var frames = new WebSocketFrames();
        frames.Follow(WebSocketFrame(true, 0, 9, true, 20, false, 1));
        Assert.Equal((0ul, false), (frames.DataBytes, frames.SawClose));
        frames.Follow(WebSocketFrame(true, 0, 2, true, 20, false, 1));
        frames.Follow(WebSocketFrame(true, 0, 8, true, 2, false, 1));
        Assert.Equal((20ul, true), (frames.DataBytes, frames.SawClose));
    }

    private static void Holds(Gen<byte[]> frame, Func<Framing> create) =>
        frame.Array[0, 8].Select(Gen.Int[1, 5000].Array[1, 30], Gen.Int[0, 1_000_000]).Sample((frames, steps, cut) =>
        {
            byte[] all = [.. frames.SelectMany(bytes => bytes)];
            var ends = frames.Select(bytes => bytes.Length).Aggregate(new List<int> { 0 }, (sums, length) => [.. sums, sums[^1] + length]).ToHashSet();
            var framing = create();
            for (int at = 0, step = 0; ;)
            {
                // Inside the two bytes of CR LF an event may be over already: what follows the first is no part of it.
                Assert.True(framing.AtBoundary == ends.Contains(at) || (framing is EventLines && at > 0 && all[at - 1] == '\r'), $"at {at} of {all.Length}");
                if (at == all.Length) break;
                var next = Math.Min(all.Length, at + steps[step++ % steps.Length]);
                Assert.Equal(next - at, framing.Follow(all.AsSpan(at..next)));
                at = next;
            }

            // Cut anywhere: what is still to be sent ends where the frame under way ends.
            cut %= all.Length + 1;
            var cutting = create();
            cutting.Follow(all.AsSpan(0, cut));
            if (cutting.AtBoundary) return;
            var rest = cutting.Follow(all.AsSpan(cut), toBoundary: true);
            var end = ends.Where(one => one > cut).Min();
            Assert.True(cutting.AtBoundary);
            Assert.True(cut + rest == end || (cutting is EventLines && cut + rest == end - 1 && all[end - 1] == '\n'), $"cut at {cut}, ended at {cut + rest} of {end}");
        });

    private static byte[] WebSocketFrame(bool final, int bits, int opcode, bool masked, int length, bool widen, int seed)
    {
        var wide = length > 65_535 || (widen && length > 125);
        var payload = new byte[length];
        new Random(seed).NextBytes(payload);
        byte[] size = wide ? new byte[8] : length > 125 ? new byte[2] : [];
        if (size.Length == 8) BinaryPrimitives.WriteInt64BigEndian(size, length);
        else if (size.Length == 2) BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)length);
        var shortLength = size.Length == 8 ? 127 : size.Length == 2 ? 126 : length;
        return [(byte)((final ? 0x80 : 0) | (bits << 4) | opcode), (byte)((masked ? 0x80 : 0) | shortLength), .. size, .. masked ? new byte[] { 1, 2, 3, 4 } : [], .. payload];
    }

    private static byte[] Message(byte[] body, bool compressed)
    {
        var message = new byte[5 + body.Length];
        message[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length);
        body.CopyTo(message, 5);
        return message;
    }
}
