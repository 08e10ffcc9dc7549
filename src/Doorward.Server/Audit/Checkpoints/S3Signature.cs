using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Audit.Checkpoints;

/// <summary>AWS Signature Version 4 of a request without a query, over all its headers.</summary>
internal static class S3Signature
{
    public static void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, S3Options options, DateTime now)
    {
        var (date, instant) = (now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        request.Headers.Host = request.RequestUri!.Authority;
        request.Headers.Add("x-amz-date", instant);
        request.Headers.Add("x-amz-content-sha256", hash);
        var headers = request.Headers.Select(header => (Name: header.Key.ToLowerInvariant(), Value: string.Join(',', header.Value).Trim())).OrderBy(header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', headers.Select(header => header.Name));
        var canonical = $"{request.Method}\n{request.RequestUri.AbsolutePath}\n\n{string.Concat(headers.Select(header => $"{header.Name}:{header.Value}\n"))}\n{names}\n{hash}";
        var scope = $"{date}/{options.Region}/s3/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{instant}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { date, options.Region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes($"AWS4{options.SecretKey}"), Mac);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={options.AccessKey}/{scope},SignedHeaders={names},Signature={Convert.ToHexStringLower(Mac(key, text))}");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
