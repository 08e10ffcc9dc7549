using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>A provider of OpenID Connect.</summary>
internal sealed class OpenIdProvider : IIdentityProvider
{
    private readonly BoundedHttp _http;
    private readonly DiscoverySource _discovery;
    private readonly JwksSource _keys;
    private readonly TokenEndpoint _tokens;
    private readonly TokenValidator _validator;
    private readonly ClaimReader _reader;

    public OpenIdProvider(ProviderSettings settings, Preset preset, bool allowLocalHttp, BoundedHttp http, TimeProvider time)
    {
        (Settings, Preset, _http) = (settings, preset, http);
        var url = settings.Url ?? preset.Url!;
        Issuer = preset.Issuer(url);
        _discovery = new DiscoverySource(new Uri(url), Issuer, allowLocalHttp, http, time);
        _keys = new JwksSource(async cancel => (await _discovery.GetAsync(cancel)).JwksUri!, http, time);
        _tokens = new TokenEndpoint(new ClientProof(settings, preset, time), http, time);
        _validator = new TokenValidator(time);
        _reader = new ClaimReader(settings, preset);
    }

    public ProviderSettings Settings { get; }

    public Preset Preset { get; }

    public string Issuer { get; }

    public IssuerRule? Issuers => new(Issuer, Issuer.Contains(IssuerRule.Tenant, StringComparison.Ordinal) ? Settings.Tenants.ToHashSet() : null);

    public async Task<Uri> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancel) =>
        AuthorizationUrl.Of((await _discovery.GetAsync(cancel)).AuthorizationEndpoint, Settings, Preset, request);

    public async Task<bool> AdmitsResponseIssuerAsync(string? issuer, CancellationToken cancel) =>
        issuer is null ? !(await _discovery.GetAsync(cancel)).PromisesIssuerInResponse : issuer == Issuer;

    public async Task<SignedIn> ExchangeAsync(CodeExchange exchange, CancellationToken cancel)
    {
        var metadata = await _discovery.GetAsync(cancel);
        var tokens = await _tokens.AskAsync(
            metadata,
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = exchange.Code,
                ["redirect_uri"] = exchange.Callback.AbsoluteUri,
                ["code_verifier"] = exchange.Verifier,
            },
            ProviderStep.CodeExchange,
            cancel);
        if (tokens.Id is null) throw new ProviderFaultException(ProviderStep.CodeExchange, ProviderFault.WrongContent, "no id_token");
        var claims = await ValidateAsync(metadata, tokens, exchange.Nonce, cancel);
        var signedIn = await ReadAsync(metadata, claims, tokens, cancel);
        return signedIn.Name is null && exchange.PostedUser is { } user ? signedIn with { Name = PostedName(user) } : signedIn;
    }

    public async Task<SignedIn?> RefreshAsync(ProviderTokens tokens, string subject, Func<ProviderTokens, Task> keep, CancellationToken cancel)
    {
        if (tokens.Refresh is null) return null;
        var metadata = await _discovery.GetAsync(cancel);
        var fresh = await _tokens.AskAsync(
            metadata,
            new() { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.Refresh },
            ProviderStep.Refresh,
            cancel);
        // A provider may keep silent about what stays as it is (RFC 6749 section 6, OpenID Connect Core section 12.2).
        var kept = fresh with { Refresh = fresh.Refresh ?? tokens.Refresh, Id = fresh.Id ?? tokens.Id };
        await keep(kept);

        var claims = fresh.Id is null ? KeptToken.Claims(kept.Id!) : await ValidateAsync(metadata, fresh, nonce: null, cancel);
        if (claims.Text("sub") != subject) throw new ProviderFaultException(ProviderStep.Refresh, ProviderFault.OtherSubject, "the refreshed id token is another person's");
        return await ReadAsync(metadata, claims, kept, cancel);
    }

    public async Task<Uri?> SignOutAsync(string? idToken, Uri back, string state, CancellationToken cancel)
    {
        var metadata = await _discovery.GetAsync(cancel);
        if (Preset.SignOut(Settings, metadata, back) is { } own) return own;
        if (metadata.EndSessionEndpoint is not { } endpoint) return null;
        // OpenID Connect RP-Initiated Logout 1.0 section 2.
        var query = $"client_id={Uri.EscapeDataString(Settings.ClientId)}&post_logout_redirect_uri={Uri.EscapeDataString(back.AbsoluteUri)}&state={state}"
            + (idToken is null ? "" : $"&id_token_hint={idToken}");
        return new Uri($"{endpoint.AbsoluteUri}{(endpoint.Query.Length > 0 ? '&' : '?')}{query}");
    }

    public async Task RevokeAsync(ProviderTokens tokens, CancellationToken cancel)
    {
        var metadata = await _discovery.GetAsync(cancel);
        if (metadata.RevocationEndpoint is not { } endpoint) return;
        // With the refresh token its access tokens end as well (RFC 7009 section 2.1).
        await (tokens.Refresh is { } refresh
            ? _tokens.RevokeAsync(metadata, endpoint, refresh, "refresh_token", cancel)
            : _tokens.RevokeAsync(metadata, endpoint, tokens.Access, "access_token", cancel));
    }

    public void Dispose() => _http.Dispose();

    public async Task<TokenVerdict?> ReadLogoutAsync(string token, CancellationToken cancel)
    {
        var rules = RulesFor(TokenTypes.LogoutToken, await _discovery.GetAsync(cancel));
        return await _validator.ValidateAsync(token, rules, _keys.FindAsync, cancel);
    }

    private TokenRules RulesFor(TokenTypes types, ProviderMetadata metadata) => new()
    {
        Types = types,
        Algorithms = Settings.Algorithms is { } pinned ? pinned.Where(TokenRules.AllAlgorithms.Contains).ToHashSet() : metadata.SigningAlgorithms,
        Issuer = Issuers!,
        Audience = Settings.ClientId,
        OtherAudiences = Settings.OtherAudiences.ToHashSet(),
    };

    private async Task<JsonElement> ValidateAsync(ProviderMetadata metadata, ProviderTokens tokens, string? nonce, CancellationToken cancel)
    {
        var rules = RulesFor(TokenTypes.IdToken, metadata) with { Nonce = nonce, AccessToken = tokens.Access };
        var verdict = await _validator.ValidateAsync(tokens.Id!, rules, _keys.FindAsync, cancel);
        return verdict.Believed
            ? verdict.Claims
            : throw new ProviderFaultException(ProviderStep.IdToken, ProviderFault.TokenRefused, verdict.Refusal.ToString()) { TokenRefusal = verdict.Refusal };
    }

    private async Task<SignedIn> ReadAsync(ProviderMetadata metadata, JsonElement claims, ProviderTokens tokens, CancellationToken cancel)
    {
        var userInfo = metadata.UserInfoEndpoint is { } endpoint ? await UserInfoAsync(endpoint, tokens.Access, claims.Text("sub")!, cancel) : (JsonElement?)null;
        var signedIn = _reader.Read(claims, userInfo, tokens);
        return Preset.MoreGroups is { } more ? signedIn with { Groups = await MoreGroupsAsync(more, claims, tokens.Access, cancel) ?? signedIn.Groups } : signedIn;
    }

    // Not being told the groups is known as such, and refuses by policy; an outage is not taken for it.
    private async Task<IReadOnlyList<Policy.GroupFact>?> MoreGroupsAsync(
        Func<GroupsRequest, CancellationToken, Task<IReadOnlyList<Policy.GroupFact>?>> more, JsonElement claims, string access, CancellationToken cancel)
    {
        try
        {
            return await more(new GroupsRequest(claims, access, Settings, _http), cancel);
        }
        catch (ProviderFaultException e) when (!e.IsHiccup)
        {
            return null;
        }
    }

    // OpenID Connect Core section 5.3.
    private async Task<JsonElement> UserInfoAsync(Uri endpoint, string access, string subject, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        var answer = await _http.SendAsync(request, ProviderStep.UserInfo, cancel);
        if (answer.Status != HttpStatusCode.OK) throw Fault(ProviderFault.UnexpectedStatus, $"HTTP {(int)answer.Status}");
        if (!StrictJson.TryObject(answer.Body, out var info)) throw Fault(ProviderFault.NotJson, "the user info is not one JSON object");
        return info.Value.Text("sub") == subject ? info.Value : throw Fault(ProviderFault.OtherSubject, "the user info is another person's");

        static ProviderFaultException Fault(ProviderFault fault, string detail) => new(ProviderStep.UserInfo, fault, detail);
    }

    // Apple: {"name":{"firstName":"…","lastName":"…"}}. Anybody can post it: good enough to greet with, and for nothing else.
    private static string? PostedName(JsonElement user)
    {
        const int longest = 200;
        if (!user.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.Object) return null;
        var full = $"{name.Text("firstName")} {name.Text("lastName")}".Trim();
        return full.Length is > 0 and <= longest && !full.Any(char.IsControl) ? full : null;
    }
}
