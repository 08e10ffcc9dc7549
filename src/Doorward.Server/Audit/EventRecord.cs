namespace Doorward.Server.Audit;

/// <summary>Something other than a request that changed, or tried to change, who may pass.</summary>
internal sealed record EventRecord
{
    public required EventKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it took effect.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>Who did it; null where nobody did (time, configuration file).</summary>
    public Party? Actor { get; init; }

    /// <summary>Whom it befell; null where that is the actor, or nobody.</summary>
    public Party? Target { get; init; }

    public string? RequestId { get; init; }

    public string? TraceId { get; init; }

    /// <summary>What was done, in one word or two: <c>end session</c>, <c>device-compliance-change</c>, <c>reload</c>.</summary>
    public required string Act { get; init; }

    /// <summary>What is worth knowing besides, such as a digest, a count, a reason. Neither secrets nor personal data.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];
}

internal enum EventKind : byte
{
    SignIn,
    SignOut,

    /// <summary>A provider refused to refresh a session.</summary>
    Refresh,

    /// <summary>Something told from outside, and what came of it: SSF, SCIM, back-channel logout, posture.</summary>
    Signal,

    /// <summary>An administrator's act.</summary>
    Administration,

    /// <summary>Routes, policies or settings changed.</summary>
    Configuration,

    /// <summary>Something about a session that is neither a sign-in nor a sign-out, such as its cookie at a wrong host.</summary>
    Session,

    /// <summary>Refusals of strangers that were counted, not written one by one.</summary>
    Refusals,

    /// <summary>A part of the server stopped being well, or is well again.</summary>
    Health,

    /// <summary>About the audit trail itself: a gap, a restart, retention, a pseudonymised person.</summary>
    Audit,
}

/// <summary>Somebody named in a record. All of it is personal data.</summary>
internal sealed record Party
{
    public string? PersonId { get; init; }

    public string? Email { get; init; }

    public string? SessionId { get; init; }

    public string? DeviceId { get; init; }

    public string? ServiceAccount { get; init; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }
}
