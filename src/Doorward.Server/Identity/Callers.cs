using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity;

/// <summary>Finds out who sent a request by what it carries: a machine's secret, or a session's cookie.</summary>
internal sealed class Callers(SessionTable sessions, SessionActivity activity, ServiceAccountTable accounts, CookieNames cookies)
{
    private const string Bearer = "Bearer ";
    private const string Own = Product.Name + " ";

    /// <summary>Answers from memory.</summary>
    /// <param name="request">The request.</param>
    /// <param name="host">The host in its normal form.</param>
    /// <param name="caller">Who it is.</param>
    /// <returns>False where memory does not know: ask <see cref="FindAsync"/>, away from the socket's thread.</returns>
    public bool TryFind(HttpRequest request, string host, out Caller caller)
    {
        if (SecretOf(request) is { } secret)
        {
            caller = accounts.Find(secret);
            return true;
        }
        caller = Caller.Stranger;
        if (CookieOf(request) is not { IsEmpty: false } cookie) return true;
        if (!sessions.TryFind(cookie, host, out caller)) return false;
        if (caller.Session is { } session) activity.Touch(session);
        return true;
    }

    public async ValueTask<Caller> FindAsync(HttpRequest request, string host, CancellationToken cancellation)
    {
        var cookie = CookieOf(request).ToString();
        var caller = cookie.Length == 0 ? Caller.Stranger : await sessions.FindAsync(cookie, host, cancellation);
        if (caller.Session is { } session) activity.Touch(session);
        return caller;
    }

    /// <summary>Whose session it is, as they are known now; answers from memory.</summary>
    /// <returns>False where memory does not know: ask <see cref="FindAgainAsync"/>.</returns>
    public bool TryFindAgain(Session session, out Caller caller)
    {
        if (session.ServiceAccount is null) return sessions.TryFindAgain(session.Id, out caller);
        caller = accounts.FindAgain(session);
        return true;
    }

    public ValueTask<Caller> FindAgainAsync(Session session, CancellationToken cancellation) =>
        session.ServiceAccount is null ? sessions.FindAgainAsync(session.Id, cancellation) : new(accounts.FindAgain(session));

    /// <summary>Whether the Authorization header is Doorward's own credential, which the upstream does not get.</summary>
    public static bool UsesAuthorization(HttpRequest request) => SecretOf(request) is not null;

    private static string? SecretOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } value]) return null;
        foreach (var scheme in (ReadOnlySpan<string>)[Bearer, Own])
            if (value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && value.AsSpan(scheme.Length).StartsWith(ServiceAccountSecret.Prefix, StringComparison.Ordinal))
                return value[scheme.Length..];
        return null;
    }

    // By hand: the platform's collection would decode names, so that another name could pass for ours (CVE-2020-1045).
    private ReadOnlySpan<char> CookieOf(HttpRequest request)
    {
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan()[range].Trim();
                if (pair.StartsWith(cookies.Session, StringComparison.Ordinal) && pair.Length > cookies.Session.Length && pair[cookies.Session.Length] == '=')
                    return pair[(cookies.Session.Length + 1)..];
            }
        }
        return default;
    }
}
