using System.Net;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// Sends each piece of a request's body as soon as it has come. YARP alone does so for gRPC only; any other small piece would wait in
/// the HTTP client's buffer until 4 KiB are together.
/// </summary>
internal sealed class StreamingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<Exchange> Key = new("doorward.exchange");

    /// <summary>Lets the handler find the exchange; only needed where there is a body or headers that describe one.</summary>
    public static void Attach(HttpRequestMessage request, Exchange exchange) => request.Options.Set(Key, exchange);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (request.Options.TryGetValue(Key, out var exchange))
            request.Content = request.Content is { } body ? new Streamed(body, exchange) : new Described(exchange);
        return base.SendAsync(request, cancel);
    }

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

        public Streamed(HttpContent body, Exchange exchange)
        {
            _body = body;
            _exchange = exchange;
            foreach (var (name, values) in body.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel)
        {
            await _body.CopyToAsync(new FlushingStream(stream, _exchange), context, cancel);
            _exchange.RequestSent();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
