using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Signals;

/// <summary>What a sender did wrong, as it is told (of security events: RFC 8935 section 2.4). Nothing was changed.</summary>
/// <param name="error">The protocol's own word.</param>
/// <param name="detail">One sentence, which repeats nothing of what was sent.</param>
/// <param name="status">The answer.</param>
internal sealed class SignalFault(string error, string detail, int status = 400) : Exception(detail)
{
    public string Error => error;

    public int Status => status;

    public static SignalFault Invalid(string detail) => new("invalid_request", detail);

    /// <summary>It speaks about somebody who is not its to speak about.</summary>
    public static SignalFault Foreign() => new("access_denied", "This transmitter may not speak about this subject.");

    public static SignalFault Of(TokenRefusal refusal) => new(
        refusal switch
        {
            TokenRefusal.WrongIssuer => "invalid_issuer",
            TokenRefusal.WrongAudience => "invalid_audience",
            TokenRefusal.BadSignature => "authentication_failed",
            >= TokenRefusal.UnknownKey and <= TokenRefusal.KeyForOtherIssuer or TokenRefusal.AlgorithmNotAllowed => "invalid_key",
            _ => "invalid_request",
        },
        $"The token was refused: {refusal}.");
}
