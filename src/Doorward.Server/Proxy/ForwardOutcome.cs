using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy;

/// <summary>Who ended a request.</summary>
internal enum EndedBy : byte
{
    /// <summary>Nobody: it came to its end.</summary>
    Itself,

    Client,

    Upstream,

    /// <summary>A limit of time.</summary>
    Timeout,

    /// <summary>A cut, or a check of ours.</summary>
    Doorward,
}

/// <summary>How forwarding ended. Where <see cref="NeedsAnswer"/>, the status is set, nothing is written, and the caller writes the page.</summary>
/// <param name="Status">What the client got, or is to get.</param>
/// <param name="BytesIn">Of the request's body; after an upgrade, from the client.</param>
/// <param name="BytesOut">Of the response's body; after an upgrade, to the client.</param>
/// <param name="Error">The side and the step that failed.</param>
/// <param name="Defect">What is wrong with the request, where that was found only on the way.</param>
/// <param name="Destination">The server chosen; null where none was.</param>
internal readonly record struct ForwardOutcome(
    int Status,
    EndedBy EndedBy,
    bool NeedsAnswer = false,
    long BytesIn = 0,
    long BytesOut = 0,
    ForwarderError Error = ForwarderError.None,
    Defect Defect = Defect.None,
    Uri? Destination = null);
