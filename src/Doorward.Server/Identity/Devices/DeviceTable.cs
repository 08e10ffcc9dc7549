using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Tables;

namespace Doorward.Server.Identity.Devices;

/// <summary>
/// The devices of this node's sessions, in memory. One that nobody has told of is remembered too, as just that: its id is from a signed
/// token or a checked certificate, so nobody can invent ids to fill the memory, and the change feed says when there is a first word.
/// </summary>
internal sealed class DeviceTable(Database database, TableOptions options, TimeProvider time)
{
    private readonly Table<Device> _devices = new(
        Device.Kind,
        async (ids, cancellation) => (await database.ReadToRememberAsync(connection => Device.LoadAsync(connection, ids), cancellation)).ToDictionary(device => device.Id, StringComparer.Ordinal),
        options,
        time);

    /// <summary>What the change feed must keep true.</summary>
    public IFeedSubscriber Table => _devices;

    /// <summary>Adds the device that a person is on; answers from memory.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="shown">The device that their certificate names; it counts before the one that the sign-in named.</param>
    /// <returns>False where memory does not know: ask <see cref="AddAsync"/>.</returns>
    public bool TryAdd(ref Caller caller, string? shown = null)
    {
        if (IdOf(caller, shown) is not { } id) return true;
        if (!_devices.TryGet(id, out var device)) return false;
        caller = On(caller, device);
        return true;
    }

    /// <summary>The same, from the store where memory does not know it.</summary>
    public async ValueTask<Caller> AddAsync(Caller caller, string? shown, CancellationToken cancellation)
    {
        if (TryAdd(ref caller, shown)) return caller;
        var found = await _devices.LoadAsync(IdOf(caller, shown)!, cancellation);
        // A device that may be locked is not one of which nothing is known.
        return found.Value is { } device ? On(caller, device) : new(CallerKind.Unavailable);
    }

    // A session that only its certificate puts on a device was not found when that device's were ended.
    private static Caller On(in Caller caller, Device device)
    {
        if (caller.Session is { } session)
            for (var i = 0; i < device.Ends.Count; i++)
                if (device.Ends[i].Covers(session)) return new(CallerKind.Refused, Over: session);
        return caller with { Device = device };
    }

    private static string? IdOf(in Caller caller, string? shown) =>
        caller.Person is { } person && shown is not null ? Device.IdOf(person.Provider, shown) : caller.Session?.Device;
}
