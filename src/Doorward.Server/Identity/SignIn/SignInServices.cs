using Doorward.Server.Identity.Assertions;
using Doorward.Server.Identity.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// The things of signing in, for a host. Beforehand come the store's, the sessions', the audit trail and, because a later room or
/// the configuration makes them: <see cref="SignInPages"/>, <see cref="IsKnownHost"/> and <c>Func&lt;ProviderSet&gt;</c>. Then:
/// <see cref="SignInEndpoints.AnswerOwnHostAsync"/> and <see cref="AssertionEndpoints.AnswerOwnHostAsync"/> on Doorward's own host,
/// <see cref="SignInEndpoints.AnswerRouteHostAsync"/> and <see cref="AssertionEndpoints.AnswerRouteHostAsync"/> on every route's,
/// <see cref="SessionRefreshService"/> as a hosted service, <see cref="Challenge.Url"/> where a decision asks for a sign-in, and <see cref="AssertionCache.Get"/> before forwarding.
/// </summary>
internal static class SignInServices
{
    /// <param name="services">The host's.</param>
    /// <param name="own">Doorward's own address: scheme, host, port.</param>
    /// <param name="compatible">Whether the original product's assertion and keys are offered too.</param>
    public static IServiceCollection AddSignIn(this IServiceCollection services, Uri own, bool compatible)
    {
        var issuer = own.GetLeftPart(UriPartial.Authority);
        return services
            .AddSingleton(new CookieNames(secure: own.Scheme == Uri.UriSchemeHttps))
            .AddSingleton(provider => new Destinations(own, provider.GetRequiredService<IsKnownHost>()))
            .AddSingleton<Sealer>().AddSingleton<FlowCookies>().AddSingleton<StrayCookies>().AddSingleton<BrowserSession>().AddSingleton<Challenge>()
            .AddSingleton<HandOverSteps>().AddSingleton<SignInStart>().AddSingleton<SignInCallback>().AddSingleton<PostedCallback>()
            .AddSingleton<SignOut>().AddSingleton<SignInRecords>().AddSingleton<SignInEndpoints>().AddSingleton<SessionRefresh>()
            .AddSingleton(new AssertionWriter(issuer))
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<AssertionCache>(provider, AssertionCache.DefaultSize))
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<AssertionEndpoints>(provider, issuer, compatible));
    }
}
