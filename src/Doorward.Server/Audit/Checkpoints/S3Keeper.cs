using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Audit.Checkpoints;

/// <summary>Puts each checkpoint as an object of its own under object lock. One signed request; no client library.</summary>
internal sealed class S3Keeper(S3Options options, HttpClient http, TimeProvider time) : ICheckpointKeeper
{
    public string Name => options.ToString();

    public async Task KeepAsync(Checkpoint checkpoint, string line, CancellationToken cancellation)
    {
        var (now, body) = (time.GetUtcNow().UtcDateTime, Encoding.UTF8.GetBytes(line + "\n"));
        var name = string.Create(CultureInfo.InvariantCulture, $"{options.Prefix}{checkpoint.At.UtcDateTime:yyyy-MM-dd'/'HHmmssfff}-{checkpoint.By}.json");
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{options.Bucket.AbsoluteUri.TrimEnd('/')}/{name}")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("x-amz-object-lock-mode", "COMPLIANCE");
        request.Headers.Add("x-amz-object-lock-retain-until-date", now.AddDays(options.RetainDays).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        // Object lock wants a checksum of the body besides the signed one.
        request.Headers.Add("x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(body)));
        S3Signature.Sign(request, body, options, now);
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{Name} answered {(int)response.StatusCode}.");
    }
}
