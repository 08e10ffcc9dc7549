namespace Doorward.Policy;

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

    /// <summary>Locks, and whether the person is inactive or ended: every decision reads them.</summary>
    Lock = 1 << 14,
}
