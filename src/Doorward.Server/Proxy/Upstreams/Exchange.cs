using Doorward.Server.Access;
using Doorward.Server.Proxy.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>One request on its way through: what goes to the upstream, what comes back, and when its time is up.</summary>
internal sealed class Exchange(
    ForwardPlan plan, HeaderScrub scrub, ForwardRequest request, string target, string? protocol, Connection connection, CancellationTokenSource? deadline, TimeProvider time)
    : HttpTransformer
{
    private readonly Lock _lock = new();
    private List<KeyValuePair<string, StringValues>>? _contentHeaders;
    private bool _over;

    public ForwardPlan Plan => plan;

    public HeaderScrub Scrub => scrub;

    public ForwardRequest Request => request;

    /// <summary>Asked before bytes pass, and the reason where Doorward ended them.</summary>
    public Connection Connection => connection;

    /// <summary>What both sides switch to; null for a request that stays what it is.</summary>
    public string? Protocol => protocol;

    public TimeProvider Time => time;

    /// <summary>The route's <c>timeout</c> has run out.</summary>
    public bool TimedOut => deadline?.IsCancellationRequested == true;

    public long BytesIn { get; set; }

    /// <summary>Counts what has no length of its own; null where Content-Length tells.</summary>
    public Meter? Out { get; private set; }

    /// <summary>What the upstream sends, where it can be ended without breaking it off.</summary>
    public UpstreamBody? Body { get; private set; }

    public long? ResponseLength { get; private set; }

    /// <summary>The upstream's status; 0 where it gave none.</summary>
    public int UpstreamStatus { get; private set; }

    public IReadOnlyList<KeyValuePair<string, StringValues>> ContentHeaders => _contentHeaders ?? [];

    public override ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage message, string destinationPrefix, CancellationToken cancel)
    {
        // The path is already in its one normal form: the HTTP client must not have an opinion of its own.
        message.RequestUri = new Uri(
            string.Concat(destinationPrefix, target), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        RequestHeaders.Write(this, context, message);
        if (message.Content is not null || _contentHeaders is not null)
            StreamingHandler.Attach(message, this);
        if (message.Content is null)
            StartDeadline();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? response, CancellationToken cancel)
    {
        if (response is null)
            return false;
        StopDeadline();
        if (!await connection.PassAsync(cancel))
            await connection.OverAsync();
        UpstreamStatus = (int)response.StatusCode;
        if (UpstreamStatus == StatusCodes.Status101SwitchingProtocols && !SwitchesTo(response, protocol))
            throw new HttpRequestException("The upstream switched to a protocol that nobody asked for.");
        ResponseHeaders.Write(this, context, response);
        ResponseLength = context.Response.ContentLength;
        if (ResponseLength <= Meter.Threshold && UpstreamStatus != StatusCodes.Status101SwitchingProtocols)
            return true;
        if (protocol is null && response.Version.Major == 2)
            response.Content = new StreamContent(Body = new UpstreamBody(await response.Content.ReadAsStreamAsync(cancel), cancel));
        Out = Meter.Install(context, this);
        return true;
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancel)
    {
        // What was said last stands.
        if (Out?.EndsCleanly != true)
            ResponseHeaders.WriteTrailers(context, response);
        return ValueTask.CompletedTask;
    }

    /// <summary>Keeps a header that describes a body, where there is none.</summary>
    public void KeepContentHeader(string name, StringValues values) => (_contentHeaders ??= []).Add(new(name, values));

    /// <summary>The request's last byte has gone: from here the route's <c>timeout</c> runs, to the response's first.</summary>
    public void RequestSent() => StartDeadline();

    /// <summary>After this the deadline's source may serve another request.</summary>
    public void End() => StopDeadline();

    private static bool SwitchesTo(HttpResponseMessage response, string? protocol) =>
        protocol is not null && response.Headers.NonValidated.TryGetValues(HeaderNames.Upgrade, out var upgrade)
        && upgrade.ToString().Equals(protocol, StringComparison.OrdinalIgnoreCase);

    private void StartDeadline()
    {
        if (deadline is null || plan.Upstream.Timeout is not { } timeout)
            return;
        lock (_lock)
        {
            if (!_over)
                deadline.CancelAfter(timeout);
        }
    }

    private void StopDeadline()
    {
        if (deadline is null)
            return;
        lock (_lock)
        {
            if (!_over)
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            _over = true;
        }
    }
}
