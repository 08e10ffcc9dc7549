using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.DevIdp.Tests;

public class TokenTests
{
    [Fact]
    public async Task A_code_is_good_for_one_use_and_its_second_use_ends_the_grant()
    {
        await using var provider = await Provider.StartAsync();
        var code = Provider.CodeOf(await provider.SignInAsync("ada"));
        var tokens = await provider.RedeemAsync(code);

        Assert.Equal("invalid_grant", (await provider.RedeemAsync(code)).Error);
        Assert.Equal("invalid_grant", (await provider.RefreshAsync(tokens.Refresh)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, (await provider.UserInfoAsync(tokens.Access)).Status);
    }

    [Fact]
    public async Task A_refresh_token_is_replaced_at_each_use_and_its_second_use_ends_the_grant()
    {
        await using var provider = await Provider.StartAsync();
        var first = await provider.TokensOfAsync("ada");
        var second = await provider.RefreshAsync(first.Refresh);
        var third = await provider.RefreshAsync(second.Refresh);
        Assert.Equal("u-3f9c1e", third.IdClaims.GetProperty("sub").GetString());
        Assert.Equal(first.IdClaims.GetProperty("auth_time").GetInt64(), third.IdClaims.GetProperty("auth_time").GetInt64());
        Assert.Equal(first.IdClaims.GetProperty("sid").GetString(), third.IdClaims.GetProperty("sid").GetString());

        Assert.Equal("invalid_grant", (await provider.RefreshAsync(first.Refresh)).Error);
        Assert.Equal("invalid_grant", (await provider.RefreshAsync(third.Refresh)).Error);
    }

    [Fact]
    public async Task A_code_and_an_access_token_end_by_the_clock()
    {
        var time = new Clock();
        await using var provider = await Provider.StartAsync(o => o with { Time = time });
        var code = Provider.CodeOf(await provider.SignInAsync("ada"));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("invalid_grant", (await provider.RedeemAsync(code)).Error);

        var tokens = await provider.RedeemAsync(Provider.CodeOf(await provider.Browser.GetAsync(provider.AuthorizeUrl())));
        Assert.Equal(300, tokens.Body.GetProperty("expires_in").GetInt32());
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Unauthorized, (await provider.UserInfoAsync(tokens.Access)).Status);
        Assert.Null((await provider.RefreshAsync(tokens.Refresh)).Error);
    }

    [Fact]
    public async Task A_wrong_secret_verifier_or_redirect_uri_is_refused()
    {
        await using var provider = await Provider.StartAsync();
        var code = Provider.CodeOf(await provider.SignInAsync("ada"));
        (string, string)[] good = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Provider.Callback)];

        Assert.Equal("invalid_grant", (await provider.TokenAsync([.. good, ("code_verifier", "another-verifier-that-is-long-enough-for-pkce")])).Error);
        using var wrongSecret = await provider.Browser.PostAsync(provider.At("/token"), new FormUrlEncodedContent(
            good.Append(("code_verifier", Provider.Verifier)).Append(("client_id", "app")).Append(("client_secret", "wrong")).ToDictionary(f => f.Item1, f => f.Item2)));
        Assert.Equal("invalid_client", (await wrongSecret.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());

        var elsewhere = await provider.Browser.GetAsync(provider.AuthorizeUrl().Replace("callback", "elsewhere", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
        var noPkce = await provider.Browser.GetAsync(provider.AuthorizeUrl().Replace("code_challenge", "no_challenge", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, noPkce.StatusCode);
    }

    [Fact]
    public async Task The_key_set_verifies_id_tokens_also_after_a_rotation()
    {
        await using var provider = await Provider.StartAsync();
        var before = await provider.TokensOfAsync("ada");
        provider.Server.RotateKeys();
        var after = await provider.RefreshAsync(before.Refresh);

        Assert.NotEqual(before.IdHeader.GetProperty("kid").GetString(), after.IdHeader.GetProperty("kid").GetString());
        Assert.True(await VerifiesAsync(provider, before.Id));
        Assert.True(await VerifiesAsync(provider, after.Id));

        provider.Server.RotateKeys(keepOld: false);
        Assert.False(await VerifiesAsync(provider, after.Id));
    }

    [Fact]
    public async Task A_test_can_make_it_lie_and_stall()
    {
        await using var provider = await Provider.StartAsync();
        var misbehaviour = provider.Server.Misbehaviour;
        misbehaviour.IdTokenPayload = p => p["nonce"] = "another";
        misbehaviour.IdTokenHeader = h => h["typ"] = JsonValue.Create("at+jwt");

        var lie = await provider.TokensOfAsync("ada");
        Assert.Equal("another", lie.IdClaims.GetProperty("nonce").GetString());
        Assert.Equal("at+jwt", lie.IdHeader.GetProperty("typ").GetString());
        Assert.True(await VerifiesAsync(provider, lie.Id));

        misbehaviour.IdTokenSignature = _ => new byte[256];
        Assert.False(await VerifiesAsync(provider, (await provider.RefreshAsync(lie.Refresh)).Id));

        misbehaviour.Instead = http =>
        {
            http.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await provider.Browser.GetAsync(provider.At("/jwks"))).StatusCode);
    }

    private static async Task<bool> VerifiesAsync(Provider provider, string token)
    {
        var keys = new JsonWebKeySet(await provider.Browser.GetStringAsync(provider.At("/jwks")));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new()
        {
            ValidIssuer = provider.Server.Issuer,
            ValidAudience = "app",
            IssuerSigningKeys = keys.Keys,
        });
        return result.IsValid;
    }
}
