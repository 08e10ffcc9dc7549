using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>An id token before it is written: honest until somebody changes it.</summary>
internal sealed class TokenDraft(JsonObject claims, LabKey key)
{
    public JsonObject Header { get; } = new() { ["alg"] = key.Algorithm, ["typ"] = "JWT", ["kid"] = key.Id };

    public JsonObject Claims { get; } = claims;

    public LabKey Key { get; set; } = key;

    /// <summary>Replaces the header's text, for what no JSON library would write.</summary>
    public Func<string, string> HeaderText { get; set; } = static text => text;

    public Func<string, string> ClaimsText { get; set; } = static text => text;

    /// <summary>Replaces the signature.</summary>
    public Func<string, byte[]>? Signature { get; set; }

    /// <summary>Replaces the finished token.</summary>
    public Func<string, string> Compact { get; set; } = static token => token;

    public void Time(string claim, DateTimeOffset at) => Claims[claim] = at.ToUnixTimeSeconds();

    public string Write()
    {
        var signed = $"{Encode(HeaderText(Header.ToJsonString()))}.{Encode(ClaimsText(Claims.ToJsonString()))}";
        var signature = Signature?.Invoke(signed) ?? Key.Sign(signed, Header["alg"]?.GetValueKind() == System.Text.Json.JsonValueKind.String && LooksSigned((string)Header["alg"]!) ? (string)Header["alg"]! : null);
        return Compact($"{signed}.{Base64Url.EncodeToString(signature)}");
    }

    // Latin-1, so that a lie can put any byte into the text.
    private static string Encode(string text) => Base64Url.EncodeToString(text.Any(c => c is >= '\u0080' and <= '\u00ff') ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text));

    private static bool LooksSigned(string algorithm) => algorithm is "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512";
}
