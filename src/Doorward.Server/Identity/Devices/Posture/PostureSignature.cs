using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// That a message is its source's, and of now: HMAC-SHA256 over the time of sending, a dot, and the body to the byte. The time is signed
/// with it, so that an old message cannot be sent as a new one.
/// </summary>
internal static class PostureSignature
{
    private const string Signature = Product.HeaderPrefix + "Signature", Timestamp = Product.HeaderPrefix + "Timestamp", Prefix = "sha256=";

    /// <returns>When it was sent, by the source's clock.</returns>
    /// <exception cref="SignalFault">It is not signed, not by this source, or not of now.</exception>
    public static DateTimeOffset Check(IHeaderDictionary headers, ReadOnlySpan<byte> body, PostureOptions source, DateTimeOffset now)
    {
        if (headers[source.TimestampHeader ?? Timestamp] is not [{ Length: > 0 and <= 12 } written] || headers[source.SignatureHeader ?? Signature] is not [{ } signature]
            || !long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            throw Unsigned("Send the time and the signature, each in one header.");
        byte[] signed = [.. Encoding.ASCII.GetBytes(written), (byte)'.', .. body];
        if (!CryptographicOperations.FixedTimeEquals(Hash(signature), HMACSHA256.HashData(Encoding.UTF8.GetBytes(source.Secret!.Value.Trim()), signed)))
            throw Unsigned("The signature is not this source's over this time and body.");
        // Twelve digits may still be beyond the calendar.
        var sent = seconds <= now.ToUnixTimeSeconds() + (long)source.Window.TotalSeconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
        return sent is { } at && now - at <= source.Window ? at : throw new SignalFault("time", "The time of sending is too far from now: a message counts once, and soon.", StatusCodes.Status401Unauthorized);
    }

    private static SignalFault Unsigned(string detail) => new("signature", detail, StatusCodes.Status401Unauthorized);

    // What is no hash equals none.
    private static byte[] Hash(string text)
    {
        var hex = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text.AsSpan(Prefix.Length) : text;
        var bytes = new byte[HMACSHA256.HashSizeInBytes];
        return hex.Length == bytes.Length * 2 && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : [];
    }
}
