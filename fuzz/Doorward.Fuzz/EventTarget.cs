using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Fuzz;

/// <summary>The claims of security events and logout tokens, as if their signature held: what a transmitter may send that has lost its mind.</summary>
internal static class EventTarget
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SigningAlgorithm _algorithm = SigningAlgorithm.Find("RS256")!;
    private static readonly TokenRules _rules = new() { Types = TokenTypes.SecurityEvent, Algorithms = TokenRules.AllAlgorithms, Issuer = new("https://idp.example.com"), Audience = "doorward" };

    public static void Event(byte[] input)
    {
        if (!StrictJson.TryObject(input, out var claims)) return;
        LogoutClaims.Check(claims.Value, _algorithm, _rules, _now);
        if (SecurityEventClaims.Check(claims.Value, _algorithm, _rules, _now) != TokenRefusal.None) return;
        try
        {
            SecurityEvent.Read(claims.Value, _now);
        }
        catch (SignalFault)
        {
            // Refused in words: any other exception is a find.
        }
    }
}
