using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Audit.Sinks;

/// <summary>A syslog receiver that speaks TLS.</summary>
internal sealed record SyslogOptions
{
    public required string Host { get; init; }

    /// <summary>6514 is the registered one.</summary>
    public required int Port { get; init; }

    /// <summary>Who may vouch for the receiver's certificate; null for the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>What we show if the receiver asks; null for nothing.</summary>
    public X509Certificate2? Certificate { get; init; }
}
