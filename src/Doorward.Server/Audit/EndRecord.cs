namespace Doorward.Server.Audit;

/// <summary>Who ended a connection.</summary>
internal enum EndedBy : byte
{
    /// <summary>The client closed or broke it.</summary>
    Client,

    /// <summary>The upstream's answer was complete, or it broke off.</summary>
    Upstream,

    /// <summary>We did: a denial, a page of our own, a cut, a time limit.</summary>
    Doorward,
}

/// <summary>The end of a connection whose decision was recorded: one request until its last byte.</summary>
internal readonly record struct EndRecord
{
    /// <summary>The decision's.</summary>
    public required string RequestId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int Status { get; init; }

    /// <summary>Bytes of body from the client.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes of body to the client.</summary>
    public required long BytesSent { get; init; }

    public required TimeSpan Duration { get; init; }

    public required EndedBy EndedBy { get; init; }

    /// <summary>Why it ended, where that is not plain: the signal and rule that cut it, the time limit that passed, what failed.</summary>
    public string? Cause { get; init; }
}
