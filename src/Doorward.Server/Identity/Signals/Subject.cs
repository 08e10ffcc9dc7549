using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Signals;

/// <summary>How a transmitter names somebody or something.</summary>
internal enum IdentifierKind
{
    /// <summary>Issuer and subject.</summary>
    IssuerSubject,

    /// <summary>An e-mail address, or an account named like one.</summary>
    Email,

    /// <summary>A name that means something to the transmitter alone.</summary>
    Opaque,

    /// <summary>A way that matches nothing we know: a telephone number, the id of a token, an address of the network.</summary>
    Foreign,
}

/// <param name="Kind">How it is named.</param>
/// <param name="Value">The subject, the address, the name.</param>
/// <param name="Issuer">Only with <see cref="IdentifierKind.IssuerSubject"/>.</param>
internal readonly record struct Identifier(IdentifierKind Kind, string Value, string? Issuer = null);

/// <summary>Whom or what an event is about (RFC 9493, Shared Signals Framework 1.0 section 3). All that is said must match; what is not said matches anything.</summary>
internal sealed record Subject
{
    // Each stands for one look in the store.
    private const int MostAliases = 16;

    /// <summary>As it was named, for records.</summary>
    public required string Format { get; init; }

    /// <summary>The names of one thing that is not said to be a person, session or device: the type of event tells. Empty for a complex subject.</summary>
    public IReadOnlyList<Identifier> Simple { get; init; } = [];

    public Identifier? User { get; init; }

    public Identifier? Session { get; init; }

    public Identifier? Device { get; init; }

    /// <exception cref="SignalFault">It is none.</exception>
    public static Subject Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong();
        var format = FormatOf(json);
        if (format == "aliases")
        {
            if (!json.TryGetProperty("identifiers", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MostAliases) throw Wrong();
            return new() { Format = format, Simple = [.. list.EnumerateArray().Select(ReadOne)] };
        }
        // Before the framework's first version a complex subject did not say so.
        var complex = format == "complex" || (format.Length == 0 && json.EnumerateObject().Any() && json.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Object));
        if (!complex) return new() { Format = format, Simple = [ReadOne(json)] };
        return new() { Format = "complex", User = Member(json, "user"), Session = Member(json, "session"), Device = Member(json, "device") };
    }

    private static Identifier? Member(JsonElement json, string name) => json.TryGetProperty(name, out var member) ? ReadOne(member) : null;

    private static Identifier ReadOne(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong();
        return FormatOf(json) switch
        {
            "iss_sub" => new(IdentifierKind.IssuerSubject, Text(json, "sub"), Text(json, "iss")),
            "email" => new(IdentifierKind.Email, Text(json, "email")),
            "account" when Text(json, "uri") is var uri => uri.StartsWith("acct:", StringComparison.OrdinalIgnoreCase) ? new(IdentifierKind.Email, uri["acct:".Length..]) : throw Wrong(),
            "opaque" => new(IdentifierKind.Opaque, Text(json, "id")),
            "did" => new(IdentifierKind.Opaque, Text(json, "url")),
            "uri" => new(IdentifierKind.Opaque, Text(json, "uri")),
            "phone_number" or "jwt_id" or "saml_assertion_id" or "ip-addresses" => new(IdentifierKind.Foreign, ""),
            _ => throw Wrong(),
        };
    }

    // Google's older events say subject_type, and write the format with a dash.
    private static string FormatOf(JsonElement json) => json.Text("format") ?? json.Text("subject_type") switch { "iss-sub" => "iss_sub", "id_token_claims" => "iss_sub", var other => other ?? "" };

    private static string Text(JsonElement json, string member) => json.Text(member) is { } text && TokenClaims.IsName(text) ? text : throw Wrong();

    private static SignalFault Wrong() => SignalFault.Invalid("The subject is none that can be read.");
}
