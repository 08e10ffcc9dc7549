namespace Doorward.Server.Audit;

/// <summary>How the trail fares.</summary>
/// <param name="Writes">Whether a decision would be written now; if not, guarded routes refuse.</param>
/// <param name="Trouble">What keeps further segments from being made; null while all is well.</param>
/// <param name="Refused">Records refused since the start.</param>
/// <param name="Waiting">Ends of connections that wait for room.</param>
/// <param name="Lost">Ends of connections that were lost because too many waited.</param>
internal sealed record AuditHealth(bool Writes, string? Trouble, long Refused, int Waiting, long Lost);
