using Doorward.DevIdp.SignIn;

namespace Doorward.DevIdp.Protocol;

/// <summary>One sign-in at one client: what its code and its refresh tokens stand for.</summary>
internal sealed record Grant
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required BrowserSession Session { get; init; }

    /// <summary>How often tokens were handed out. A code is of turn 0; the refresh token that counts bears the last turn.</summary>
    public int Turn { get; init; }

    /// <summary>When it was last used, so that what nobody uses is forgotten.</summary>
    public required DateTimeOffset LastUsed { get; init; }
}
