using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Lies in the answer that the browser brings back.</summary>
internal static class FlowLies
{
    public static IReadOnlyList<Lie> All { get; } =
    [
        Response("response-iss-other", "answers as another issuer (mix-up, RFC 9207)", r => r["iss"] = "https://idp.example"),
        Response("response-iss-missing", "leaves out the issuer that it promised", r => r.Remove("iss")),
        Response("response-state-other", "sends the state of another flow", r => r["state"] = "0123456789abcdef0123456789abcdef"),
        Response("response-state-missing", "leaves out the state", r => r.Remove("state")),
        Response("response-no-code", "sends no code", r => r.Remove("code")),
        Response("response-long-code", "sends a code of 5,000 characters", r => r["code"] = new string('c', 5000)),
        new("response-other-code", "sends a code that it never gave", "CodeExchange: Refused", p => p.Response = r => r["code"] = "never"),
        new("code-not-ours", "says that the verifier is wrong", "CodeExchange: Refused", p => p.Instead["/token"] = c =>
        {
            c.Response.StatusCode = 400;
            return c.Response.WriteAsync("""{"error":"invalid_grant","error_description":"<script>"}""");
        }),
        new("client-not-known", "no longer knows us", "CodeExchange: WrongContent", p => p.Instead["/token"] = c =>
        {
            c.Response.StatusCode = 401;
            return c.Response.WriteAsync("""{"error":"invalid_client"}""");
        }),
    ];

    private static Lie Response(string id, string does, Action<Dictionary<string, string>> lie) => new(id, does, "no flow of this browser", p => p.Response = lie);
}
