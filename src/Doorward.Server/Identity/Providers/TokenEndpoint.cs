using System.Globalization;
using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>Speaks to a provider's token and revocation endpoints (RFC 6749 sections 4.1.3 and 6, RFC 7009).</summary>
internal sealed class TokenEndpoint(ClientProof proof, BoundedHttp http, TimeProvider time)
{
    // Characters; tokens are opaque, and travel in headers of 16 KiB at most.
    private const int LongestToken = 16 * 1024;

    public async Task<ProviderTokens> AskAsync(ProviderMetadata metadata, Dictionary<string, string> form, ProviderStep step, CancellationToken cancel)
    {
        var answer = await PostAsync(metadata.TokenEndpoint, metadata, form, step, cancel);
        if (!StrictJson.TryObject(answer.Body, out var found)) throw new ProviderFaultException(step, ProviderFault.NotJson, $"HTTP {(int)answer.Status}");
        var body = found.Value;
        // GitHub tells errors with status 200.
        if (body.Has("error")) throw new ProviderFaultException(step, Meaning(body.Text("error")), $"error {Quoted(body.Text("error"))}");
        if (!answer.IsSuccess) throw new ProviderFaultException(step, ProviderFault.UnexpectedStatus, $"HTTP {(int)answer.Status}");

        var access = Token("access_token") ?? throw new ProviderFaultException(step, ProviderFault.WrongContent, "no access_token");
        if (!string.Equals(body.Text("token_type"), "Bearer", StringComparison.OrdinalIgnoreCase))
            throw new ProviderFaultException(step, ProviderFault.WrongContent, "token_type is not Bearer");
        var id = body.Has("id_token") ? body.Text("id_token") ?? throw new ProviderFaultException(step, ProviderFault.WrongContent, "id_token is not a text") : null;
        return new ProviderTokens(access, Token("refresh_token"), id, Lifetime(body) is { } life ? time.GetUtcNow() + life : null);

        string? Token(string name) => body.Text(name) is { Length: > 0 and <= LongestToken } token ? token : null;
    }

    public Task<ProviderAnswer> RevokeAsync(ProviderMetadata metadata, Uri endpoint, string token, string kind, CancellationToken cancel) =>
        PostAsync(endpoint, metadata, new() { ["token"] = token, ["token_type_hint"] = kind }, ProviderStep.Revocation, cancel);

    private async Task<ProviderAnswer> PostAsync(Uri url, ProviderMetadata metadata, Dictionary<string, string> form, ProviderStep step, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        proof.Add(request, form, metadata);
        request.Content = new FormUrlEncodedContent(form);
        return await http.SendAsync(request, step, cancel);
    }

    // RFC 6749 section 5.2. Only what speaks of the grant speaks of the person; invalid_client is our own trouble.
    private static ProviderFault Meaning(string? error) => error switch
    {
        "invalid_grant" or "bad_verification_code" or "bad_refresh_token" or "interaction_required" or "login_required" => ProviderFault.Refused,
        "temporarily_unavailable" or "slow_down" => ProviderFault.Busy,
        "server_error" => ProviderFault.ServerError,
        _ => ProviderFault.WrongContent,
    };

    // Some send the number as text. A year bounds it, so that no arithmetic overflows.
    private static TimeSpan? Lifetime(JsonElement body)
    {
        if (!body.TryGetProperty("expires_in", out var value)) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, 365 * 24 * 3600))
            : null;
    }

    // For the log: an error code is short and plain, or it is not repeated.
    private static string Quoted(string? error) => error is { Length: <= 64 } && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? error : "(unprintable)";
}
