using System.Buffers.Binary;

namespace Doorward.Server.Audit.Segments;

/// <summary>An entry's bytes, as <see cref="SegmentFormat"/> draws them.</summary>
internal readonly ref struct Entry(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public RecordLengths Lengths => new(
        BinaryPrimitives.ReadInt32LittleEndian(_bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(_bytes[12..]), BinaryPrimitives.ReadInt32LittleEndian(_bytes[16..]));

    /// <summary>0 where it is not yet chained.</summary>
    public long Sequence => BinaryPrimitives.ReadInt64LittleEndian(_bytes[SegmentFormat.SequenceAt..]);

    public long Committed => BinaryPrimitives.ReadInt64LittleEndian(_bytes[SegmentFormat.CommittedAt..]);

    public ReadOnlySpan<byte> Salts => _bytes.Slice(SegmentFormat.WhoSaltAt, SegmentFormat.SaltBytes * 2);

    public Hash Chain => new(_bytes[SegmentFormat.ChainAt..]);

    public ReadOnlySpan<byte> Text => _bytes.Slice(SegmentFormat.EntryHeaderBytes, Lengths.Total);

    public ReadOnlySpan<byte> Body => Text[..Lengths.Body];

    public ReadOnlySpan<byte> Who => Text.Slice(Lengths.Body, Lengths.Who);

    public ReadOnlySpan<byte> Other => Text[(Lengths.Body + Lengths.Who)..];

    public ReadOnlySpan<byte> WhoSalt => Salts[..SegmentFormat.SaltBytes];

    public ReadOnlySpan<byte> OtherSalt => Salts[SegmentFormat.SaltBytes..];

    /// <summary>Where the chain stands behind this entry, if it stood at <paramref name="before"/> and has these salts and this instant.</summary>
    public ChainHead After(in ChainHead before, long committed, ReadOnlySpan<byte> salts) => before.Next(
        committed, Body, ChainHead.Commitment(salts[..SegmentFormat.SaltBytes], Who), ChainHead.Commitment(salts[SegmentFormat.SaltBytes..], Other));
}
