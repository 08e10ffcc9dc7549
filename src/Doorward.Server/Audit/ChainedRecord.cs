using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit;

/// <summary>A record with its place in its node's chain. The parts are JSON texts, byte for byte as they were written.</summary>
/// <param name="Node">The chain's name.</param>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="Committed">The instant of its group, in units of 100 ns since the year 1, UTC; never falls.</param>
/// <param name="Body">What stays for ever.</param>
/// <param name="Who">Who asked or acted.</param>
/// <param name="Other">Whom it befell, or who acted in another's place.</param>
/// <param name="Chain">The chain's head behind this record.</param>
internal sealed record ChainedRecord(
    string Node, long Sequence, long Committed, ReadOnlyMemory<byte> Body, PersonalPart Who, PersonalPart Other, Hash Chain)
{
    public DateTime CommittedAt => new(Committed, DateTimeKind.Utc);

    /// <summary>The same in memory of its own.</summary>
    public ChainedRecord Copied() => this with { Body = Body.ToArray(), Who = Who.Copied(), Other = Other.Copied() };

    /// <summary>Whether this is what follows on that head.</summary>
    public bool Follows(in ChainHead before) => Sequence == before.Sequence + 1 && before.Next(Committed, Body.Span, Who.Commitment, Other.Commitment).Hash == Chain;
}

/// <summary>A part of a record that tells about a person: its text with the salt, or what the chain holds once these were taken out.</summary>
/// <param name="Text">Empty where there is no such part, or it was taken out.</param>
/// <param name="Salt">Sixteen random bytes; empty with the text.</param>
/// <param name="TakenOut">The commitment that is left of a part that was taken out; zeros otherwise.</param>
internal readonly record struct PersonalPart(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Salt, Hash TakenOut)
{
    public Hash Commitment => Text.IsEmpty ? TakenOut : ChainHead.Commitment(Salt.Span, Text.Span);

    public PersonalPart Copied() => this with { Text = Text.ToArray(), Salt = Salt.ToArray() };

    public PersonalPart WithoutText => new(default, default, Commitment);
}
