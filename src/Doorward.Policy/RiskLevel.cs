namespace Doorward.Policy;

/// <summary>A level of risk, as told by a signal.</summary>
public enum RiskLevel
{
    /// <summary>Nothing unusual.</summary>
    Low,

    /// <summary>Unusual.</summary>
    Medium,

    /// <summary>Probably compromised.</summary>
    High,
}
