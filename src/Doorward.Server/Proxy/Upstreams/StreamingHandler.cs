using System.Collections.Frozen;
using System.Net;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// Sends each piece of a request's body as soon as it has come. YARP alone does so for gRPC only; any other small piece would wait in
/// the HTTP client's buffer until 4 KiB are together.
/// </summary>
internal sealed class StreamingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>
    /// Methods that may be sent once more where nothing was answered (RFC 9110, 9.2.2; RFC 4918; RFC 3253). An upstream may close a connection
    /// just when the next request is on its way there. The HTTP client repeats those without a body by itself.
    /// </summary>
    private static readonly FrozenSet<string> _idempotent = FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND", "REPORT", "SEARCH");

    private static readonly HttpRequestOptionsKey<Exchange> Key = new("doorward.exchange");

    /// <summary>Lets the handler find the exchange; only needed where there is a body or headers that describe one.</summary>
    public static void Attach(HttpRequestMessage request, Exchange exchange) => request.Options.Set(Key, exchange);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (!request.Options.TryGetValue(Key, out var exchange))
            return base.SendAsync(request, cancel);
        if (request.Content is not { } body)
        {
            request.Content = new Described(exchange);
            return base.SendAsync(request, cancel);
        }

        var kept = _idempotent.Contains(request.Method.Method) ? new KeptBody() : null;
        request.Content = new Streamed(body, exchange, kept);
        return kept is null ? base.SendAsync(request, cancel) : SendAsync(request, kept, exchange, cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, KeptBody kept, Exchange exchange, CancellationToken cancel)
    {
        try
        {
            return await base.SendAsync(request, cancel);
        }
        catch (HttpRequestException failure) when (kept.Whole is not null && IsNoAnswer(failure) && !cancel.IsCancellationRequested)
        {
            if (!await exchange.Connection.PassAsync(cancel))
                await exchange.Connection.OverAsync();
            var again = new ByteArrayContent(kept.Whole!);
            foreach (var (name, values) in request.Content!.Headers.NonValidated)
                again.Headers.TryAddWithoutValidation(name, values);
            request.Content = again;
            return await base.SendAsync(request, cancel);
        }
    }

    /// <summary>It hung up. What was no answer that can be read is not repeated: the upstream had the request.</summary>
    private static bool IsNoAnswer(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.ConnectionError or HttpRequestError.Unknown;

    /// <summary>No body, but headers about one, such as the Content-Type of a GET.</summary>
    private sealed class Described : HttpContent
    {
        public Described(Exchange exchange)
        {
            foreach (var (name, values) in exchange.ContentHeaders)
                Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }

    private sealed class Streamed : HttpContent
    {
        private readonly HttpContent _body;
        private readonly Exchange _exchange;
        private readonly KeptBody? _kept;

        public Streamed(HttpContent body, Exchange exchange, KeptBody? kept)
        {
            (_body, _exchange, _kept) = (body, exchange, kept);
            foreach (var (name, values) in body.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel)
        {
            await _body.CopyToAsync(new FlushingStream(stream, _exchange, _kept), context, cancel);
            _kept?.Complete();
            _exchange.RequestSent();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
