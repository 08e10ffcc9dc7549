using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Server.Identity.Assertions;

/// <summary>Writes an assertion's claims.</summary>
internal static class AssertionText
{
    /// <summary>As in the original: long enough for a slow upstream, short enough to be worth little in a log.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    // A claim of the provider's must not speak in our name.
    private static readonly FrozenSet<string> Ours = FrozenSet.Create(
        StringComparer.Ordinal, "iss", "aud", "sub", "user", "email", "name", "groups", "groups_cut", "sid", "jti", "iat", "nbf", "exp");

    /// <param name="told">What to tell.</param>
    /// <param name="issuer">Doorward's URL; the original product names the host instead.</param>
    /// <param name="host">The host that was requested: the only audience.</param>
    /// <param name="now">When.</param>
    /// <param name="compatible">As the original product writes it: all groups.</param>
    public static ReadOnlyMemory<byte> Write(Testimony told, string issuer, string host, DateTimeOffset now, bool compatible)
    {
        var (groups, cut) = compatible ? told.AllGroups : (told.Groups, false);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("iss", issuer);
        json.WriteString("aud", host);
        json.WriteString("sub", told.Person.Id);
        if (compatible) json.WriteString("user", told.Person.Id);
        if (told.Email is { } email) json.WriteString("email", email);
        if (told.Person.Name is { } name) json.WriteString("name", name);
        Write(json, "groups", new FactValue(Testimony.Names(groups).ToArray()));
        // A list that is not whole must not pass for one.
        if (cut) json.WriteBoolean("groups_cut", true);
        json.WriteString("sid", told.Session.Id);
        json.WriteString("jti", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteNumber("exp", (now + Life).ToUnixTimeSeconds());
        foreach (var claim in told.Route.Identity.JwtClaimsHeaders.Values.Distinct())
            if (!Ours.Contains(claim) && told.Find(claim) is { } value) Write(json, claim, value);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, FactValue value)
    {
        json.WritePropertyName(name);
        switch (value.Value)
        {
            case IReadOnlyList<string> list:
                json.WriteStartArray();
                foreach (var item in list) json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case DateTimeOffset instant: json.WriteStringValue(instant); break;
            case string text: json.WriteStringValue(text); break;
            default: json.WriteNullValue(); break;
        }
    }
}
