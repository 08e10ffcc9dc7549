using System.Text.Json;
using Doorward.DevIdp.SignIn;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Doorward.DevIdp.Protocol;

/// <summary>What of OpenID Connect this provider speaks.</summary>
internal static class ProviderSetup
{
    public const string AuthorizePath = "/authorize";
    public const string TokenPath = "/token";
    public const string UserInfoPath = "/userinfo";
    public const string EndSessionPath = "/end-session";
    public const string KeysPath = "/jwks";

    public static void Add(IServiceCollection services, DevIdpOptions options, SigningKeys keys) => services.AddOpenIddict().AddServer(server =>
    {
        server.SetAuthorizationEndpointUris(AuthorizePath)
            .SetTokenEndpointUris(TokenPath)
            .SetUserInfoEndpointUris(UserInfoPath)
            .SetEndSessionEndpointUris(EndSessionPath)
            .SetJsonWebKeySetEndpointUris(KeysPath)
            .AllowAuthorizationCodeFlow()
            .AllowRefreshTokenFlow()
            .RequireProofKeyForCodeExchange()
            .SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1))
            .SetAccessTokenLifetime(options.AccessTokenLifetime)
            .SetRefreshTokenLifetime(options.RefreshTokenLifetime)
            .RegisterScopes(Scopes.Profile, Scopes.Email, PersonClaims.GroupsScope)
            .RegisterClaims([.. PersonClaims.Supported])
            .AddEncryptionKey(keys.Encryption)
            .Configure(o =>
            {
                o.TimeProvider = options.Time;
                o.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            });
        foreach (var key in keys.All)
            server.AddSigningKey(key);

        // Clients, grants and people are few and ours: no store of OpenIddict's, but its protocol.
        server.EnableDegradedMode();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(h => h.UseSingletonHandler<ClientChecks>());
        server.AddEventHandler<ValidateTokenRequestContext>(h => h.UseSingletonHandler<ClientChecks>());
        server.AddEventHandler<ValidateEndSessionRequestContext>(h => h.UseSingletonHandler<ClientChecks>());
        server.AddEventHandler<HandleConfigurationRequestContext>(h => h.UseInlineHandler(Describe));
        server.AddEventHandler<HandleUserInfoRequestContext>(h => h.UseSingletonHandler<UserInfoEndpoint>());
        Misbehave(server);

        server.UseAspNetCore()
            .DisableTransportSecurityRequirement()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough();
    });

    private static ValueTask Describe(HandleConfigurationRequestContext context)
    {
        context.Metadata["acr_values_supported"] = JsonSerializer.SerializeToElement(AuthenticationLevel.All);
        return default;
    }

    // First of all handlers of a response: what it changes is what is sent.
    private static void Misbehave(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ApplyConfigurationResponseContext>(h => h.SetOrder(int.MinValue).UseSingletonHandler<MisbehaviourHandler>());
        server.AddEventHandler<ApplyJsonWebKeySetResponseContext>(h => h.SetOrder(int.MinValue).UseSingletonHandler<MisbehaviourHandler>());
        server.AddEventHandler<ApplyAuthorizationResponseContext>(h => h.SetOrder(int.MinValue).UseSingletonHandler<MisbehaviourHandler>());
        server.AddEventHandler<ApplyTokenResponseContext>(h => h.SetOrder(int.MinValue).UseSingletonHandler<MisbehaviourHandler>());
        server.AddEventHandler<ApplyUserInfoResponseContext>(h => h.SetOrder(int.MinValue).UseSingletonHandler<MisbehaviourHandler>());
    }
}

/// <summary>Lets <see cref="Misbehaviour"/> change what is about to be sent.</summary>
internal sealed class MisbehaviourHandler(Misbehaviour misbehaviour, SigningKeys keys) :
    IOpenIddictServerHandler<ApplyConfigurationResponseContext>,
    IOpenIddictServerHandler<ApplyJsonWebKeySetResponseContext>,
    IOpenIddictServerHandler<ApplyAuthorizationResponseContext>,
    IOpenIddictServerHandler<ApplyTokenResponseContext>,
    IOpenIddictServerHandler<ApplyUserInfoResponseContext>
{
    public ValueTask HandleAsync(ApplyConfigurationResponseContext context) => Done(() => misbehaviour.Discovery?.Invoke(context.Response));

    public ValueTask HandleAsync(ApplyJsonWebKeySetResponseContext context) => Done(() => misbehaviour.KeySet?.Invoke(context.Response));

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context) => Done(() => misbehaviour.Authorization?.Invoke(context.Response));

    public ValueTask HandleAsync(ApplyTokenResponseContext context) => Done(() => misbehaviour.ChangeToken(context.Response, keys));

    public ValueTask HandleAsync(ApplyUserInfoResponseContext context) => Done(() => misbehaviour.UserInfo?.Invoke(context.Response));

    private static ValueTask Done(Action act)
    {
        act();
        return default;
    }
}
