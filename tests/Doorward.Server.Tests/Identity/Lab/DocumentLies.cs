using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Lies in everything else that a provider sends: discovery, keys, token answers, user info.</summary>
internal static class DocumentLies
{
    private const string Discovery = "/.well-known/openid-configuration", Keys = "/jwks", Token = "/token", UserInfo = "/userinfo";

    public static IReadOnlyList<Lie> All { get; } =
    [
        Metadata("discovery-issuer", "publishes the discovery document of another issuer", "WrongIssuer", d => d["issuer"] = "https://idp.example"),
        Metadata("discovery-issuer-slash", "publishes an issuer with a slash at the end", "WrongIssuer", d => d["issuer"] = d["issuer"] + "/"),
        Metadata("discovery-http", "names a token endpoint without TLS", "InsecureUrl", d => d["token_endpoint"] = "http://idp.example/token"),
        Metadata("discovery-file", "names a file as its keys", "InsecureUrl", d => d["jwks_uri"] = "file:///etc/passwd"),
        Metadata("discovery-user", "names an address with a user name", "InsecureUrl", d => d["userinfo_endpoint"] = "https://idp.example@evil.example/"),
        Metadata("discovery-relative", "names a relative address", "InsecureUrl", d => d["authorization_endpoint"] = "/authorize"),
        Metadata("discovery-no-keys", "names no keys", "WrongContent", d => d.Remove("jwks_uri")),
        .. Unusable("discovery", Discovery, "Discovery"),
        .. Unusable("keys", Keys, "Keys"),
        new("keys-missing", "publishes a key set without keys", "Keys: NotJson", p => p.Jwks = s => s.Remove("keys")),
        new("keys-object", "publishes an object of keys", "Keys: NotJson", p => p.Jwks = s => s["keys"] = new JsonObject()),
        new("keys-empty", "publishes an empty key set", "UnknownKey", p => p.Jwks = s => s["keys"] = new JsonArray()),
        new("keys-many", "publishes 101 keys", "Keys: NotJson", p => p.Jwks = s => s["keys"] = new JsonArray([.. Enumerable.Repeat(0, 101).Select(_ => new JsonObject())])),
        .. Unusable("token", Token, "CodeExchange"),
        Answer("token-no-id", "sends no id token", "WrongContent", a => a.Remove("id_token")),
        Answer("token-id-number", "sends a number as id token", "WrongContent", a => a["id_token"] = 1),
        Answer("token-no-access", "sends no access token", "WrongContent", a => a.Remove("access_token")),
        Answer("token-access-long", "sends an access token of 20,000 characters", "WrongContent", a => a["access_token"] = new string('a', 20_000)),
        Answer("token-type", "sends a token of another type", "WrongContent", a => a["token_type"] = "mac"),
        Answer("token-error-200", "tells an error with status 200", "Refused", a => a["error"] = "invalid_grant"),
        .. Unusable("userinfo", UserInfo, "UserInfo"),
        new("userinfo-other", "sends another person's user info", "UserInfo: OtherSubject", p => p.UserInfo = u => u["sub"] = "eve"),
        new("userinfo-nobody", "sends user info about nobody", "UserInfo: OtherSubject", p => p.UserInfo = u => u.Remove("sub")),
        new("userinfo-many", "sends 600 claims", "UserInfo: TooLarge", p => p.UserInfo = u =>
        {
            for (var i = 0; i < 600; i++) u[$"claim-{i}"] = i;
        }),
        Instead("userinfo-refuses", "does not honour its own access token", UserInfo, "UserInfo: UnexpectedStatus", c => Status(c, 401)),
    ];

    private static IEnumerable<Lie> Unusable(string id, string path, string step) =>
    [
        Instead($"{id}-redirect", $"redirects {path} to another place", path, $"{step}: Redirected", c =>
        {
            c.Response.Redirect("http://127.0.0.1:1/");
            return Task.CompletedTask;
        }),
        Instead($"{id}-500", $"answers {path} with 500", path, $"{step}: ServerError", c => Status(c, 500)),
        Instead($"{id}-429", $"answers {path} with 429", path, $"{step}: Busy", c => Status(c, 429)),
        Instead($"{id}-html", $"answers {path} with a page", path, $"{step}: NotJson", c => c.Response.WriteAsync("<html></html>")),
        Instead($"{id}-twice", $"names a member twice in {path}", path, $"{step}: NotJson", c => c.Response.WriteAsync("""{"issuer":"a","issuer":"b"}""")),
        Instead($"{id}-huge", $"answers {path} with over 1 MiB", path, $"{step}: TooLarge", c => c.Response.WriteAsync($$"""{"x":"{{new string('x', 1024 * 1024)}}"}""")),
        Instead($"{id}-packed", $"packs the answer of {path}", path, $"{step}: Encoded", async c =>
        {
            c.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(c.Response.Body, CompressionLevel.Fastest);
            await packed.WriteAsync(new byte[1024 * 1024]);
        }),
        Instead($"{id}-cut", $"breaks off the answer of {path}", path, $"{step}: Unreachable", async c =>
        {
            c.Response.ContentLength = 1000;
            await c.Response.WriteAsync("{");
            await c.Response.Body.FlushAsync();
            c.Abort();
        }),
        new($"{id}-slow", $"starts to answer {path} and never ends", $"{step}: TimedOut", p => p.Instead[path] = async c =>
        {
            await c.Response.WriteAsync("{");
            await c.Response.Body.FlushAsync();
            p.Time.Advance(TimeSpan.FromSeconds(6));
            await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }),
    ];

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("{}");
    }

    private static Lie Metadata(string id, string does, string fault, Action<JsonObject> lie) => new(id, does, $"Discovery: {fault}", p => p.Discovery = lie);

    private static Lie Answer(string id, string does, string fault, Action<JsonObject> lie) => new(id, does, $"CodeExchange: {fault}", p => p.TokenAnswer = lie);

    private static Lie Instead(string id, string does, string path, string metBy, RequestDelegate answer) => new(id, does, metBy, p => p.Instead[path] = answer);
}
