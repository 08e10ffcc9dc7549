namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Lies in the form: parts, encoding, JSON.</summary>
internal static class FormLies
{
    public static IReadOnlyList<Lie> All { get; } =
    [
        Compact("form-empty", "sends an empty token", "NotThreeParts", _ => ""),
        Compact("form-two-parts", "leaves the signature out, with its dot", "NotThreeParts", t => t[..t.LastIndexOf('.')]),
        Compact("form-four-parts", "adds a part", "NotThreeParts", t => t + ".e30"),
        Compact("form-many-dots", "sends 60,000 dots", "NotThreeParts", _ => new string('.', 60_000)),
        Compact("form-jwe", "encrypts the token (five parts)", "Encrypted", t => t + ".e30.e30"),
        Compact("form-too-long", "sends 70,000 characters", "TooLong", t => t + new string('A', 70_000)),
        Compact("form-padding", "pads the base64", "NotBase64Url", t => t + "=="),
        Compact("form-alphabet", "uses the other base64 alphabet", "NotBase64Url", t => t[..^2] + "+/"),
        Compact("form-space", "puts a space into the signature", "NotBase64Url", t => t[..^4] + " " + t[^4..]),
        Compact("form-newline", "ends the token with a line end", "NotBase64Url", t => t + "\n"),
        Compact("form-unused-bits", "sets bits of the last character that mean nothing", "NotBase64Url", WithUnusedBits),
        Compact("form-no-signature", "leaves the signature empty", "BadSignature", t => t[..(t.LastIndexOf('.') + 1)]),
        Claims("json-trailing", "writes something after the claims", "NotOneJsonObject", t => t + "x"),
        Claims("json-two-objects", "writes two objects", "NotOneJsonObject", t => t + """{"sub":"eve"}"""),
        Claims("json-nul", "ends the claims with a NUL", "NotOneJsonObject", t => t + "\0"),
        Claims("json-list", "puts the claims into a list", "NotOneJsonObject", t => $"[{t}]"),
        Claims("json-text", "sends a text instead of claims", "NotOneJsonObject", _ => "\"claims\""),
        Claims("json-empty", "sends nothing as claims", "NotOneJsonObject", _ => ""),
        Claims("json-comment", "writes a comment", "NotOneJsonObject", t => t.Insert(1, "/* hello */")),
        Claims("json-comma", "leaves a comma at the end", "NotOneJsonObject", t => t[..^1] + ",}"),
        Claims("json-nan", "sends NaN", "NotOneJsonObject", t => t.Insert(1, "\"x\":NaN,")),
        Claims("json-bom", "starts with a byte order mark", "NotOneJsonObject", t => "\u00ef\u00bb\u00bf" + t),
        Claims("json-not-utf8", "sends bytes that are not UTF-8", "NotOneJsonObject", t => t.Insert(1, "\"x\":\"\u00ff\",")),
        Claims("json-surrogate", "sends half a character (\\ud800)", "NotOneJsonObject", t => t.Insert(1, "\"x\":\"\\ud800\",")),
        Claims("json-surrogate-name", "names a member by half a character", "NotOneJsonObject", t => t.Insert(1, "\"\\ud800\":1,")),
        Claims("json-deep", "nests 40 deep", "NotOneJsonObject", t => t.Insert(1, $"\"x\":{new string('[', 40)}{new string(']', 40)},")),
        Claims("json-twice", "names sub twice", "NotOneJsonObject", t => t.Insert(1, "\"sub\":\"eve\",")),
        Claims("json-twice-escaped", "names sub twice, once spelt \\u0073ub", "NotOneJsonObject", t => t.Insert(1, "\"\\u0073ub\":\"eve\",")),
        Claims("json-twice-nested", "names a member twice within an object", "NotOneJsonObject", t => t.Insert(1, """ "realm_access":{"roles":["a"],"roles":["admin"]}, """)),
        Header("header-twice", "names alg twice", "NotOneJsonObject", t => t.Insert(1, "\"alg\":\"none\",")),
        Header("header-not-json", "sends a header that is no JSON", "NotOneJsonObject", _ => "alg=RS256"),
    ];

    private static Lie Compact(string id, string does, string metBy, Func<string, string> lie) => new(id, does, metBy, p => p.Token = t => t.Compact = lie);

    private static Lie Claims(string id, string does, string metBy, Func<string, string> lie) => new(id, does, metBy, p => p.Token = t => t.ClaimsText = lie);

    private static Lie Header(string id, string does, string metBy, Func<string, string> lie) => new(id, does, metBy, p => p.Token = t => t.HeaderText = lie);

    // 256 bytes leave four bits of the last character unused.
    private static string WithUnusedBits(string token)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + alphabet[alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }
}
