using System.Net.Http.Headers;

namespace Doorward.Server.Audit.Sinks;

/// <summary>OTLP logs over HTTP, as JSON (OTLP 1.5, section «OTLP/HTTP»). The collector's 2xx is its word that it has them.</summary>
internal sealed class OtlpSink(HttpClient http, Uri url, string? authorization) : IRecordSink
{
    /// <summary>Records in one request: collectors take 4 MiB by default.</summary>
    private const int Batch = 1000;

    public string Name => "otlp";

    public Task<long?> TakenAsync(string node, CancellationToken cancellation) => Task.FromResult<long?>(null);

    public async Task TakeAsync(IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        foreach (var batch in records.Chunk(Batch))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(OtlpLogs.Of(batch)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{url.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode}.");
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }
}
