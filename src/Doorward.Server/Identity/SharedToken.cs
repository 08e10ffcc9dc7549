using System.Security.Cryptography;
using System.Text;
using Doorward.Server.Routes.Reading;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity;

/// <summary>A secret that a sender of messages has from its operator, and sends as a bearer token (RFC 6750, section 2.1).</summary>
internal static class SharedToken
{
    private const string Bearer = "Bearer ";

    /// <summary>Whether the request has it, once. How much of a wrong one was right cannot be told by the time it takes.</summary>
    public static bool IsIn(HttpRequest request, Secret token) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(value[Bearer.Length..].Trim()), Hash(token.Value));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
