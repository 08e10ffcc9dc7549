using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.DevIdp.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;

namespace Doorward.DevIdp;

/// <summary>
/// How a test makes this provider lie, stall or fail: everything that it does wrong, it does here. Nothing is set at first, and
/// each may be set and taken back while it runs.
/// </summary>
internal sealed class Misbehaviour
{
    /// <summary>Runs before any endpoint and may stall; true: it has answered in its place (500, 429, a redirect, an endless body ...).</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>Changes the discovery document.</summary>
    public Action<OpenIddictResponse>? Discovery { get; set; }

    /// <summary>Changes the key set.</summary>
    public Action<OpenIddictResponse>? KeySet { get; set; }

    /// <summary>Changes the parameters with which the browser returns to the client.</summary>
    public Action<OpenIddictResponse>? Authorization { get; set; }

    /// <summary>Changes the token response, after <see cref="IdTokenHeader"/> and <see cref="IdTokenPayload"/>.</summary>
    public Action<OpenIddictResponse>? Token { get; set; }

    /// <summary>Changes the userinfo response.</summary>
    public Action<OpenIddictResponse>? UserInfo { get; set; }

    /// <summary>Changes the id token's header before it is signed.</summary>
    public Action<JsonObject>? IdTokenHeader { get; set; }

    /// <summary>Changes the id token's claims before it is signed.</summary>
    public Action<JsonObject>? IdTokenPayload { get; set; }

    /// <summary>Signs the id token in the real key's place: from the signing input to the signature.</summary>
    public Func<byte[], byte[]>? IdTokenSignature { get; set; }

    internal void ChangeToken(OpenIddictResponse response, SigningKeys keys)
    {
        if (response.IdToken is { } token && (IdTokenHeader ?? IdTokenPayload) is not null | IdTokenSignature is not null)
            response.IdToken = Forge(token.Split('.'), keys.All[0].Rsa);
        Token?.Invoke(response);
    }

    private string Forge(string[] parts, RSA key)
    {
        var input = Changed(parts[0], IdTokenHeader) + "." + Changed(parts[1], IdTokenPayload);
        var bytes = Encoding.ASCII.GetBytes(input);
        var signature = IdTokenSignature?.Invoke(bytes) ?? key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return input + "." + Base64UrlEncoder.Encode(signature);
    }

    private static string Changed(string part, Action<JsonObject>? change)
    {
        var json = JsonNode.Parse(Base64UrlEncoder.DecodeBytes(part))!.AsObject();
        change?.Invoke(json);
        return Base64UrlEncoder.Encode(json.ToJsonString());
    }
}
