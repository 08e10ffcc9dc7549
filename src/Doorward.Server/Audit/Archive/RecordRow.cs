using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Archive;

/// <summary>A record as a day's table has it.</summary>
internal sealed record RecordRow
{
    public const string Columns =
        "n.node AS Node, r.sequence AS Sequence, r.committed AS Committed, r.body AS Body, r.who AS Who, r.who_salt AS WhoSalt, r.who_taken AS WhoTaken, "
        + "r.other AS Other, r.other_salt AS OtherSalt, r.other_taken AS OtherTaken, r.chain AS Chain";

    public required string Node { get; init; }

    public required long Sequence { get; init; }

    public required long Committed { get; init; }

    public required byte[] Body { get; init; }

    public byte[]? Who { get; init; }

    public byte[]? WhoSalt { get; init; }

    public byte[]? WhoTaken { get; init; }

    public byte[]? Other { get; init; }

    public byte[]? OtherSalt { get; init; }

    public byte[]? OtherTaken { get; init; }

    public required byte[] Chain { get; init; }

    public ChainedRecord ToRecord() => new(Node, Sequence, Committed, Body, Part(Who, WhoSalt, WhoTaken), Part(Other, OtherSalt, OtherTaken), HashOf(Chain));

    private static PersonalPart Part(byte[]? text, byte[]? salt, byte[]? taken) => text is null ? new(default, default, HashOf(taken)) : new(text, salt, default);

    /// <summary>What is not a hash is none: it verifies with nothing.</summary>
    private static Hash HashOf(byte[]? bytes) => bytes is { Length: Hash.Bytes } ? new(bytes) : default;
}
