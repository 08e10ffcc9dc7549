namespace Doorward.DevIdp.Telling;

/// <summary>Whom this provider tells of every change at once, as a directory and as a transmitter of security events.</summary>
/// <param name="Http">Reaches it, and trusts its certificate.</param>
/// <param name="Directory">Its SCIM 2.0 service; ends with a slash.</param>
/// <param name="DirectoryToken">What it wants to see there.</param>
/// <param name="Signals">Where it takes security events (RFC 8935).</param>
/// <param name="Audience">Whom it wants them to be for.</param>
internal sealed record Listener(HttpClient Http, Uri Directory, string DirectoryToken, Uri Signals, string Audience);
