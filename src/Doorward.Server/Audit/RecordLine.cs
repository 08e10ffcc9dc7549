namespace Doorward.Server.Audit;

/// <summary>A record as one JSON line: its parts under <c>record</c>, <c>who</c> and <c>other</c>, byte for byte as they were written.</summary>
internal static class RecordLine
{
    public static byte[] Of(ReadOnlySpan<byte> text, RecordLengths lengths)
    {
        var json = new JsonText(new byte[lengths.Total + 64]);
        json.Raw("{\"record\":"u8);
        json.Raw(text[..lengths.Body]);
        if (lengths.Who > 0) json.Raw(",\"who\":"u8);
        json.Raw(text.Slice(lengths.Body, lengths.Who));
        if (lengths.Other > 0) json.Raw(",\"other\":"u8);
        json.Raw(text.Slice(lengths.Body + lengths.Who, lengths.Other));
        json.Raw("}\n"u8);
        return json.Written.ToArray();
    }
}
