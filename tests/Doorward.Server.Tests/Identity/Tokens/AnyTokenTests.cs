using System.Buffers.Text;
using System.Text;
using CsCheck;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity.Tokens;

/// <summary>Whatever bytes come: no exception, and nothing believed but what was signed.</summary>
public sealed class AnyTokenTests
{
    private static readonly ManualTime _time = new();
    private static readonly LabKey _key = LabKey.Ec();
    private static readonly string _token = Token();
    private static readonly Gen<string> _letters = Gen.String["ABCabc019-_=.+/ \n{}\""];

    [Fact]
    public void The_honest_one_is_believed() => Assert.Equal(TokenRefusal.None, Judge(_token));

    [Fact]
    [Trait("advisory", "126")]
    [Trait("advisory", "200")]
    public void One_changed_letter_is_enough() => Gen.Select(Gen.Int[0, _token.Length - 1], Gen.Char["ABCabc019-_=.+/ \n"]).Sample((at, letter) =>
        _token[at] == letter || Judge(_token[..at] + letter + _token[(at + 1)..]) != TokenRefusal.None);

    [Fact]
    [Trait("advisory", "200")]
    public void Every_cut_is_refused() => Gen.Int[0, _token.Length - 1].Sample(length => Judge(_token[..length]) != TokenRefusal.None);

    [Fact]
    public void Any_text_is_refused() => Gen.OneOf(Gen.String, _letters).Sample(text => Judge(text) != TokenRefusal.None);

    [Fact]
    public void Any_three_parts_are_refused() => Gen.Select(Gen.String, Gen.String, Gen.Byte.Array[0, 80]).Sample((header, claims, signature) =>
        Judge($"{Encode(header)}.{Encode(claims)}.{Base64Url.EncodeToString(signature)}") != TokenRefusal.None);

    [Fact]
    public void Any_key_set_is_read_or_not() => Gen.OneOf(Gen.String, _letters).Sample(text =>
        Reads(text) && Reads($$"""{"keys":[{"kty":"RSA","n":"{{text}}","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"{{text}}","y":"{{text}}"}]}"""));

    private static bool Reads(string text) => KeySet.TryParse(Encoding.UTF8.GetBytes(text), out var set) == set is not null;

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Token()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        return new TokenDraft(new() { ["iss"] = "https://idp.example.com", ["aud"] = "doorward", ["sub"] = "ada", ["iat"] = now, ["exp"] = now + 300 }, _key).Write();
    }

    private static TokenRefusal Judge(string token)
    {
        Assert.True(KeySet.TryParse(Encoding.UTF8.GetBytes($$"""{"keys":[{{_key.Jwk().ToJsonString()}}]}"""), out var keys));
        var rules = new TokenRules { Types = TokenTypes.IdToken, Algorithms = TokenRules.AllAlgorithms, Issuer = new("https://idp.example.com"), Audience = "doorward" };
        var judged = new TokenValidator(_time).ValidateAsync(
            token, rules, (header, _, _) => ValueTask.FromResult(new KeyLookup(keys.Find(header.KeyId, header.Algorithm, out var key) == TokenRefusal.None ? key : null, TokenRefusal.UnknownKey)), default);
        return judged.AsTask().GetAwaiter().GetResult().Refusal;
    }
}
