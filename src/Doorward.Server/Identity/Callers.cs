using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Doorward.Server.Identity;

/// <summary>Finds out who sent a request by what it carries: a machine's secret, or a session's cookie.</summary>
internal sealed class Callers(SessionTable sessions, DeviceTable devices, LateEnds ends, SessionActivity activity, ServiceAccountTable accounts, CookieNames cookies, StrayCookies strays)
{
    private const string Bearer = "Bearer ";
    private const string Own = Product.Name + " ";

    /// <summary>For machines whose app wants the Authorization header for itself. Like all our headers it never reaches an upstream.</summary>
    private const string OwnHeader = Product.HeaderPrefix + "Authorization";

    /// <summary>Answers from memory.</summary>
    /// <param name="request">The request.</param>
    /// <param name="host">The host in its normal form.</param>
    /// <param name="device">The device that the client's certificate names.</param>
    /// <param name="caller">Who it is.</param>
    /// <returns>False where memory does not know: ask <see cref="FindAsync"/>, away from the socket's thread.</returns>
    public bool TryFind(HttpRequest request, string host, string? device, out Caller caller)
    {
        if ((SecretIn(request.Headers.Authorization) ?? SecretIn(request.Headers[OwnHeader])) is { } secret)
        {
            caller = accounts.Find(secret);
            return true;
        }
        caller = Caller.Stranger;
        if (RequestCookies.Find(request, cookies.Session) is not { IsEmpty: false } cookie) return true;
        if (!sessions.TryFind(cookie, host, out caller) || !devices.TryAdd(ref caller, device) || caller.Over is not null) return false;
        Note(request, host, caller);
        return true;
    }

    public async ValueTask<Caller> FindAsync(HttpRequest request, string host, string? device, CancellationToken cancellation)
    {
        if (RequestCookies.Text(request, cookies.Session) is not { } cookie) return Caller.Stranger;
        var caller = await devices.AddAsync(await sessions.FindAsync(cookie, host, cancellation), device, cancellation);
        // Sent to sign in before it has ended, the browser would be led back with it, again and again.
        if (caller.Over is { } over && !await ends.EndAsync(over).WaitAsync(cancellation)) return new(CallerKind.Unavailable);
        Note(request, host, caller);
        return caller;
    }

    /// <summary>Whose session it is, as they are known now; answers from memory.</summary>
    /// <returns>False where memory does not know: ask <see cref="FindAgainAsync"/>.</returns>
    public bool TryFindAgain(Session session, string? device, out Caller caller)
    {
        if (session.ServiceAccount is null)
        {
            if (!sessions.TryFindAgain(session.Id, out caller) || !devices.TryAdd(ref caller, device)) return false;
            End(caller);
            return true;
        }
        caller = accounts.FindAgain(session);
        return true;
    }

    public async ValueTask<Caller> FindAgainAsync(Session session, string? device, CancellationToken cancellation)
    {
        if (session.ServiceAccount is not null) return accounts.FindAgain(session);
        var caller = await devices.AddAsync(await sessions.FindAgainAsync(session.Id, cancellation), device, cancellation);
        End(caller);
        return caller;
    }

    /// <summary>Whether the Authorization header is Doorward's own credential, which the upstream does not get.</summary>
    public static bool UsesAuthorization(HttpRequest request) => SecretIn(request.Headers.Authorization) is not null;

    // What is open is cut without waiting for it.
    private void End(in Caller caller)
    {
        if (caller.Over is { } over) _ = ends.EndAsync(over);
    }

    private void Note(HttpRequest request, string host, in Caller caller)
    {
        if (caller.Session is { } session) activity.Touch(session);
        else if (caller.Stray is { } stray) strays.Report(request.HttpContext, host, stray);
    }

    private static string? SecretIn(StringValues header)
    {
        if (header is not [{ } value]) return null;
        foreach (var scheme in (ReadOnlySpan<string>)[Bearer, Own])
            if (value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && value.AsSpan(scheme.Length).StartsWith(ServiceAccountSecret.Prefix, StringComparison.Ordinal))
                return value[scheme.Length..];
        return null;
    }
}
