using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.DevIdp.Tests;

/// <summary>A running provider, and a client and a browser that speak with it over sockets.</summary>
internal sealed partial class Provider : IAsyncDisposable
{
    public const string Callback = "http://app.localhost/callback";
    public const string SignedOut = "http://app.localhost/signed-out";
    public const string Verifier = "a-verifier-that-is-long-enough-for-pkce-1234567890";

    private Provider(DevIdpServer server) => Server = server;

    public DevIdpServer Server { get; }

    public HttpClient Browser { get; } = NewBrowser();

    public static async Task<Provider> StartAsync(Func<DevIdpOptions, DevIdpOptions>? change = null)
    {
        var options = new DevIdpOptions
        {
            StartedBy = "a test",
            Logging = log => log.AddConsole().SetMinimumLevel(LogLevel.Error),
            Clients = [new("app", "app-secret", [new(Callback)], [new(SignedOut)]), new("public", null, [new(Callback)], [])],
        };
        return new(await DevIdpServer.StartAsync(change?.Invoke(options) ?? options));
    }

    public Uri At(string path) => new(Server.Url, path);

    public string AuthorizeUrl(string more = "") =>
        At("/authorize") + "?response_type=code&client_id=app&scope=openid+profile+email+groups+offline_access&state=s1&nonce=n1"
        + $"&redirect_uri={Uri.EscapeDataString(Callback)}&code_challenge_method=S256"
        + $"&code_challenge={Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))}" + more;

    /// <summary>Opens the sign-in page and sends its form as a browser would.</summary>
    public async Task<HttpResponseMessage> SignInAsync(string name, string? password = null, string more = "", string? code = null)
    {
        var page = await (await Browser.GetAsync(AuthorizeUrl(more))).Content.ReadAsStringAsync();
        var fields = Hidden().Matches(page).Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value))).ToList();
        Assert.True(fields.Count > 0, page);
        fields.Add(new("login_name", name));
        fields.Add(new("login_password", password ?? $"{name}-password"));
        fields.Add(new("login_code", code ?? ""));
        return await Browser.PostAsync(At("/authorize"), new FormUrlEncodedContent(fields));
    }

    public static string CodeOf(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return HttpUtility.ParseQueryString(response.Headers.Location!.Query)["code"] ?? throw new InvalidOperationException(response.Headers.Location.ToString());
    }

    public Task<Tokens> RedeemAsync(string code) =>
        TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier));

    public Task<Tokens> RefreshAsync(string token) => TokenAsync(("grant_type", "refresh_token"), ("refresh_token", token));

    public async Task<Tokens> TokenAsync(params (string Name, string Value)[] fields)
    {
        var all = fields.Append(("client_id", "app")).Append(("client_secret", "app-secret")).ToDictionary(f => f.Item1, f => f.Item2);
        using var response = await Browser.PostAsync(At("/token"), new FormUrlEncodedContent(all));
        return new(response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The whole flow.</summary>
    public async Task<Tokens> TokensOfAsync(string name, string more = "", string? code = null) =>
        await RedeemAsync(CodeOf(await SignInAsync(name, more: more, code: code)));

    public async Task<(HttpStatusCode Status, JsonElement Body)> UserInfoAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, At("/userinfo"));
        request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await Browser.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Server.DisposeAsync();
    }

    private static HttpClient NewBrowser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new() });

    [GeneratedRegex("""<input type="hidden" name="([^"]*)" value="([^"]*)" />""")]
    private static partial Regex Hidden();
}

internal sealed record Tokens(HttpStatusCode Status, JsonElement Body)
{
    public string? Error => Body.TryGetProperty("error", out var error) ? error.GetString() : null;

    public string Access => Body.GetProperty("access_token").GetString()!;

    public string Refresh => Body.GetProperty("refresh_token").GetString()!;

    public string Id => Body.GetProperty("id_token").GetString()!;

    public JsonElement IdClaims => Part(1);

    public JsonElement IdHeader => Part(0);

    private JsonElement Part(int index) => JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(Id.Split('.')[index])).RootElement;
}
