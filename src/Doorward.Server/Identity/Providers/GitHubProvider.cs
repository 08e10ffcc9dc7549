using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>
/// GitHub speaks OAuth 2 without id tokens: who the person is, it tells over its API. <c>sub</c> is the number that never changes; the login
/// can be given up and taken by another. Groups are <c>organization</c> and <c>organization/team</c>.
/// </summary>
internal sealed class GitHubProvider : IIdentityProvider
{
    private const int PageSize = 100, MostPages = 20;

    private readonly BoundedHttp _http;
    private readonly TokenEndpoint _tokens;
    private readonly ClaimReader _reader;
    private readonly ProviderMetadata _metadata;
    private readonly Uri _api;

    public GitHubProvider(ProviderSettings settings, Preset preset, BoundedHttp http, TimeProvider time)
    {
        (Settings, Preset, _http) = (settings, preset, http);
        var site = new Uri(settings.Url ?? preset.Url!);
        _metadata = new ProviderMetadata
        {
            Issuer = site.AbsoluteUri,
            AuthorizationEndpoint = new Uri(site, "/login/oauth/authorize"),
            TokenEndpoint = new Uri(site, "/login/oauth/access_token"),
            TokenEndpointAuthMethods = ["client_secret_post"],
        };
        // GitHub Enterprise Server has its API below its own address.
        _api = site.Host == "github.com" ? new Uri("https://api.github.com/") : new Uri(site, "/api/v3/");
        _tokens = new TokenEndpoint(new ClientProof(settings, preset, time), http, time);
        _reader = new ClaimReader(settings, preset);
    }

    public ProviderSettings Settings { get; }

    public Preset Preset { get; }

    public IssuerRule? Issuers => null;

    public Task<Uri> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancel) =>
        Task.FromResult(AuthorizationUrl.Of(_metadata.AuthorizationEndpoint, Settings, Preset, request));

    public Task<bool> AdmitsResponseIssuerAsync(string? issuer, CancellationToken cancel) => Task.FromResult(issuer is null);

    public async Task<SignedIn> ExchangeAsync(CodeExchange exchange, CancellationToken cancel)
    {
        var tokens = await _tokens.AskAsync(
            _metadata,
            new() { ["code"] = exchange.Code, ["redirect_uri"] = exchange.Callback.AbsoluteUri, ["code_verifier"] = exchange.Verifier },
            ProviderStep.CodeExchange,
            cancel);
        return await ReadAsync(tokens, cancel);
    }

    public Task<TokenVerdict?> ReadLogoutAsync(string token, CancellationToken cancel) => Task.FromResult<TokenVerdict?>(null);

    public async Task<SignedIn?> RefreshAsync(ProviderTokens tokens, string subject, Func<ProviderTokens, Task> keep, CancellationToken cancel)
    {
        // The tokens of OAuth apps do not end, and say nothing new: asking with them tells whether they were taken back.
        var fresh = tokens;
        if (tokens.Refresh is { } refresh)
        {
            fresh = await _tokens.AskAsync(
                _metadata, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh }, ProviderStep.Refresh, cancel);
            fresh = fresh with { Refresh = fresh.Refresh ?? refresh };
            await keep(fresh);
        }

        var signedIn = await ReadAsync(fresh, cancel);
        return signedIn.Subject == subject ? signedIn : throw new ProviderFaultException(ProviderStep.Refresh, ProviderFault.OtherSubject, "the account is another person's");
    }

    public Task<Uri?> SignOutAsync(string? idToken, Uri back, string state, CancellationToken cancel) => Task.FromResult<Uri?>(null);

    public async Task RevokeAsync(ProviderTokens tokens, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(_api, $"applications/{Uri.EscapeDataString(Settings.ClientId)}/token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{Settings.ClientId}:{Settings.ClientSecret}")));
        request.Content = JsonContent.Create(new JsonObject { ["access_token"] = tokens.Access });
        await _http.SendAsync(request, ProviderStep.Revocation, cancel);
    }

    public void Dispose() => _http.Dispose();

    private async Task<SignedIn> ReadAsync(ProviderTokens tokens, CancellationToken cancel)
    {
        var user = await GetAsync("user", tokens, ProviderStep.UserInfo, cancel);
        if (!StrictJson.TryObject(user.Body, out var found) || !found.Value.TryGetProperty("id", out var id) || !id.TryGetInt64(out var number))
            throw new ProviderFaultException(ProviderStep.UserInfo, ProviderFault.WrongContent, "GitHub did not say who the person is");

        var claims = new JsonObject { ["sub"] = number.ToString(CultureInfo.InvariantCulture) };
        foreach (var name in (ReadOnlySpan<string>)["login", "name", "company", "node_id"])
            if (found.Value.Text(name) is { } text) claims[name] = text;
        if (await EmailAsync(tokens, cancel) is { } email) (claims["email"], claims["email_verified"]) = (email, true);
        var signedIn = _reader.Read(JsonSerializer.SerializeToElement(claims), null, tokens);
        return signedIn with { Groups = await GroupsAsync(tokens, cancel) };
    }

    // Only the primary address, and only where GitHub has verified it; the one on the profile is whatever they typed.
    private async Task<string?> EmailAsync(ProviderTokens tokens, CancellationToken cancel)
    {
        var emails = await ListAsync("user/emails", tokens, ProviderStep.UserInfo, cancel);
        return emails?.Where(e => EmailAddress.IsTrue(e, "primary") && EmailAddress.IsTrue(e, "verified")).Select(e => e.Text("email")).FirstOrDefault();
    }

    private async Task<IReadOnlyList<GroupFact>?> GroupsAsync(ProviderTokens tokens, CancellationToken cancel)
    {
        var organizations = await ListAsync("user/orgs", tokens, ProviderStep.Groups, cancel);
        var teams = await ListAsync("user/teams", tokens, ProviderStep.Groups, cancel);
        if (organizations is null || teams is null) return null;
        return
        [
            .. organizations.Select(o => o.Text("login")).OfType<string>().Select(login => new GroupFact(login)),
            .. teams.Where(t => t.Text("slug") is not null && t.TryGetProperty("organization", out var o) && o.Text("login") is not null)
                .Select(t => new GroupFact($"{t.GetProperty("organization").Text("login")}/{t.Text("slug")}")),
        ];
    }

    // Null where the scope was not granted.
    private async Task<List<JsonElement>?> ListAsync(string path, ProviderTokens tokens, ProviderStep step, CancellationToken cancel)
    {
        var all = new List<JsonElement>();
        for (var page = 1; page <= MostPages; page++)
        {
            var answer = await GetAsync($"{path}?per_page={PageSize}&page={page}", tokens, step, cancel);
            if (answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound) return null;
            if (!StrictJson.TryList(answer.Body, out var items)) throw new ProviderFaultException(step, ProviderFault.NotJson, $"{path} is not a list");
            all.AddRange(items.Where(i => i.ValueKind == JsonValueKind.Object));
            if (items.Count < PageSize) return all;
        }

        throw new ProviderFaultException(step, ProviderFault.TooLarge, $"{path} has over {MostPages} pages");
    }

    private async Task<ProviderAnswer> GetAsync(string path, ProviderTokens tokens, ProviderStep step, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        var answer = await _http.SendAsync(request, step, cancel);
        return answer.Status == HttpStatusCode.Unauthorized ? throw new ProviderFaultException(step, ProviderFault.Refused, "the token was taken back") : answer;
    }
}
