using System.Text;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Fuzz;

/// <summary>What a provider, or who sits between, sends: tokens and key sets. The first line is the token, the rest the keys.</summary>
internal static class TokenTarget
{
    private static readonly TokenRules _rules = new()
    {
        Types = TokenTypes.IdToken, Algorithms = TokenRules.AllAlgorithms, Issuer = new("https://idp.example.com"), Audience = "doorward", Nonce = "n",
    };

    public static void Token(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        var (token, json) = end < 0 ? (input, []) : (input[..end], input[(end + 1)..]);
        var keys = KeySet.TryParse(json, out var read) ? read : null;
        var judged = new TokenValidator(TimeProvider.System).ValidateAsync(
            Encoding.Latin1.GetString(token),
            _rules,
            (header, _, _) => ValueTask.FromResult(new KeyLookup(keys?.Find(header.KeyId, header.Algorithm, out var key) == TokenRefusal.None ? key : null, TokenRefusal.UnknownKey)),
            CancellationToken.None);
        // Nobody who feeds this has a private key for a token with this nonce and a life that has not ended.
        if (judged.AsTask().GetAwaiter().GetResult().Believed) throw new InvalidOperationException("A token was believed.");
    }

    public static void Json(byte[] input)
    {
        StrictJson.TryObject(input, out _);
        StrictJson.TryList(input, out _);
    }
}
