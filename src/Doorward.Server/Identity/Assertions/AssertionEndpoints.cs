using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.Server.Store.Keys;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Assertions;

/// <summary>
/// Where upstreams find the keys of assertions: on Doorward's own host with the discovery document of their issuer, and on every
/// route's host, so that an upstream needs to reach nothing but its own address.
/// </summary>
/// <param name="issuer">Doorward's own address, without a slash at the end.</param>
/// <param name="keys">The keys.</param>
/// <param name="compatible">Also answers where the original product published them.</param>
internal sealed class AssertionEndpoints(string issuer, SigningKeys keys, bool compatible)
{
    private const string KeysPath = Product.WellKnownPath + "/jwks.json", PomeriumKeysPath = "/.well-known/pomerium/jwks.json";

    /// <summary>Seconds. A key is published days before its first use; this bounds how long one that was taken back is believed.</summary>
    private const int MaxAge = 300;

    /// <summary>Answers on Doorward's own host; false where the path is not one of ours.</summary>
    public Task<bool> AnswerOwnHostAsync(HttpContext context) =>
        context.Request.Path == "/.well-known/openid-configuration" ? AnswerAsync(context, Discovery()) : AnswerRouteHostAsync(context);

    /// <summary>Answers on a route's host; false where the path is not one of ours.</summary>
    public Task<bool> AnswerRouteHostAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        return path == KeysPath || (compatible && path == PomeriumKeysPath) ? AnswerAsync(context, Keys()) : Task.FromResult(false);
    }

    private static async Task<bool> AnswerAsync(HttpContext context, JsonObject document)
    {
        var response = context.Response;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return true;
        }

        var body = Encoding.UTF8.GetBytes(document.ToJsonString());
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = $"public, max-age={MaxAge}";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
        return true;
    }

    private JsonObject Keys() => new()
    {
        ["keys"] = new JsonArray([.. keys.Published(KeyPurpose.Assertion).Select(key => new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = key.Id, ["x"] = key.X, ["y"] = key.Y,
        })]),
    };

    private JsonObject Discovery() => new()
    {
        ["issuer"] = issuer,
        ["jwks_uri"] = issuer + KeysPath,
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["claims_supported"] = new JsonArray("iss", "aud", "sub", "email", "name", "groups", "sid", "jti", "iat", "exp"),
    };
}
