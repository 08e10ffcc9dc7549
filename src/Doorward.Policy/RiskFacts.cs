namespace Doorward.Policy;

/// <summary>The last risk levels told; null where nobody has told.</summary>
/// <param name="Person">About the person.</param>
/// <param name="Session">About the session.</param>
/// <param name="Device">About the device.</param>
public sealed record RiskFacts(RiskLevel? Person, RiskLevel? Session, RiskLevel? Device);
