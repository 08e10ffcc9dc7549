namespace Doorward.Policy;

/// <summary>Kleene's three truth values.</summary>
public enum Truth : byte
{
    /// <summary>It does not hold.</summary>
    False,

    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    True,
}

/// <summary>What is to be done with the request.</summary>
public enum Outcome : byte
{
    /// <summary>Refuse.</summary>
    Deny,

    /// <summary>Let through.</summary>
    Allow,

    /// <summary>Ask the person to sign in.</summary>
    SignIn,

    /// <summary>Ask the person to sign in again, or more strongly.</summary>
    StepUp,

    /// <summary>Ask for a device.</summary>
    Device,

    /// <summary>Ask for a client certificate.</summary>
    Certificate,
}

/// <summary>Acts of the person that could make an unknown known.</summary>
[Flags]
public enum Remedies : byte
{
    /// <summary>No act of this person can.</summary>
    None = 0,

    /// <summary>Signing in.</summary>
    SignIn = 1,

    /// <summary>Signing in afresh.</summary>
    FreshSignIn = 2,

    /// <summary>Signing in more strongly.</summary>
    StrongerAuthentication = 4,

    /// <summary>Showing a device.</summary>
    Device = 8,
}

/// <summary>The kinds of facts that a policy reads; a connection is judged again when one of them changes.</summary>
[Flags]
public enum FactKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The session.</summary>
    Session = 1 << 0,

    /// <summary>Who the person is.</summary>
    Person = 1 << 1,

    /// <summary>The person's groups.</summary>
    Groups = 1 << 2,

    /// <summary>The provider's claims.</summary>
    Claims = 1 << 3,

    /// <summary>The device.</summary>
    Device = 1 << 4,

    /// <summary>The client's certificate.</summary>
    Certificate = 1 << 5,

    /// <summary>The request.</summary>
    Request = 1 << 6,

    /// <summary>The time.</summary>
    Time = 1 << 7,

    /// <summary>The client's address.</summary>
    Address = 1 << 8,

    /// <summary>The Kubernetes request.</summary>
    Kubernetes = 1 << 9,

    /// <summary>Risk levels.</summary>
    Risk = 1 << 10,

    /// <summary>Joined external records.</summary>
    Record = 1 << 11,

    /// <summary>The MCP call.</summary>
    Mcp = 1 << 12,

    /// <summary>The SSH sign-in.</summary>
    Ssh = 1 << 13,

    /// <summary>Locks: every decision reads them.</summary>
    Lock = 1 << 14,
}

/// <summary>The answer to one request. A value: deciding allocates nothing.</summary>
public readonly struct Decision
{
    /// <summary>What is to be done.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>The truth of the allow rules together.</summary>
    public Truth Allow { get; init; }

    /// <summary>The truth of the deny rules together.</summary>
    public Truth Deny { get; init; }

    /// <summary>Why: those of the side that decided.</summary>
    public ReasonSet Reasons { get; init; }

    /// <summary>The reasons of the allow rules.</summary>
    public ReasonSet AllowReasons { get; init; }

    /// <summary>The reasons of the deny rules.</summary>
    public ReasonSet DenyReasons { get; init; }

    /// <summary>What could make the unknown known.</summary>
    public Remedies Remedies { get; init; }

    /// <summary>The kinds of facts that the policy reads; does not depend on the facts.</summary>
    public FactKinds Reads { get; init; }

    /// <summary>The nearest instant at which the answer can change by time alone; null for none.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The rules that decided, as indexes into <see cref="EffectivePolicy.Rules"/>.</summary>
    public RuleSet Rules { get; init; }
}
