using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Sessions;

namespace Doorward.Server.Identity;

/// <summary>Who sent a request, as far as its credentials tell.</summary>
internal enum CallerKind
{
    /// <summary>No credential of ours.</summary>
    Stranger,

    /// <summary>A live session.</summary>
    Known,

    /// <summary>A credential that is not, or no longer, valid.</summary>
    Refused,

    /// <summary>The store did not answer in time: neither allowed nor sent to sign in, but 503.</summary>
    Unavailable,
}

/// <summary>Who sent a request.</summary>
/// <param name="Kind">How much is known.</param>
/// <param name="Session">The session; only for <see cref="CallerKind.Known"/>.</param>
/// <param name="Person">The person; only for <see cref="CallerKind.Known"/>.</param>
/// <param name="Stray">What a live session's cookie stands for that was sent to another host than its own; only for <see cref="CallerKind.Refused"/>.</param>
/// <param name="Device">The device that the session is on; null where none is known.</param>
/// <param name="Over">A live session that is shown to be on a device on which it is over; only for <see cref="CallerKind.Refused"/>.</param>
internal readonly record struct Caller(CallerKind Kind, Session? Session = null, Person? Person = null, CookieRow? Stray = null, Device? Device = null, Session? Over = null)
{
    public static Caller Stranger => default;
}
