using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Says of a forwarded request who ended it, and what the client is to be told.</summary>
internal static class Outcomes
{
    public static ForwardOutcome Of(HttpContext context, Exchange exchange, Candidate candidate, ForwarderError error)
    {
        var endedBy = EndedByOf(context, exchange, error);
        var response = context.Response;
        // YARP sets a status, but takes our own deadline, and a cut, for the client's.
        if (error != ForwarderError.None && !response.HasStarted)
            response.StatusCode = StatusOf(response.StatusCode, endedBy);
        var bytesOut = exchange.Out?.BytesOut ?? (error == ForwarderError.None && !HttpMethods.IsHead(context.Request.Method) ? exchange.ResponseLength ?? 0 : 0);
        return new ForwardOutcome(
            response.StatusCode,
            endedBy,
            NeedsAnswer: error != ForwarderError.None && !response.HasStarted,
            exchange.BytesIn,
            bytesOut,
            error,
            Destination: candidate.Destination.Address);
    }

    /// <summary>Whether it counts against the destination: no answer, or one that says so. What the client or a cut ended does not.</summary>
    public static bool IsFailure(ForwardOutcome outcome, Exchange exchange) => exchange.UpstreamStatus switch
    {
        0 => outcome.EndedBy is EndedBy.Upstream or EndedBy.Timeout,
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => true,
        _ => outcome.EndedBy == EndedBy.Upstream,
    };

    private static int StatusOf(int status, EndedBy endedBy) => endedBy switch
    {
        EndedBy.Timeout => StatusCodes.Status504GatewayTimeout,
        EndedBy.Upstream => StatusCodes.Status502BadGateway,
        EndedBy.Doorward => StatusCodes.Status503ServiceUnavailable,
        _ => status,
    };

    private static EndedBy EndedByOf(HttpContext context, Exchange exchange, ForwarderError error)
    {
        // What came to its end by itself a moment before it was to be cut has not been cut.
        if (error == ForwarderError.None && exchange.Out?.EndsCleanly != true)
            return EndedBy.Itself;
        if (exchange.Connection.IsCut)
            return EndedBy.Doorward;
        // Where no meter saw who went first: what YARP breaks off, because the upstream did, looks as if the client had gone.
        if (exchange.Out?.ClientHasGone ?? (context.RequestAborted.IsCancellationRequested && error is not (ForwarderError.ResponseBodyDestination or ForwarderError.RequestBodyDestination)))
            return EndedBy.Client;
        // Nobody we know of cancelled, so a limit of time did: the route's, or YARP's clock of idleness, which YARP blames on a side.
        if (exchange.TimedOut || context.Features.Get<IForwarderErrorFeature>()?.Exception is OperationCanceledException)
            return EndedBy.Timeout;
        return error switch
        {
            ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient
                or ForwarderError.UpgradeResponseClient => EndedBy.Client,
            ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout => EndedBy.Timeout,
            _ => EndedBy.Upstream,
        };
    }
}
