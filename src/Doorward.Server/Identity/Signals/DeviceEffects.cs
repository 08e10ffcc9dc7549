using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>Events about devices. They count from their first word on, also before anybody signs in on the device.</summary>
internal sealed class DeviceEffects(SignalScope scope, TimeProvider time)
{
    /// <summary>Whether a device complies.</summary>
    public async Task<SignalEffect> ComplyAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var compliant = told.Body.Text("current_status") == "compliant";
        var devices = NamesOf(sender, told).ToList();
        var reports = devices.Select(one => new DeviceReport { Provider = one.Provider, Device = one.Name, Source = sender.Source, At = told.At, Compliant = compliant });
        await DeviceStore.TellAsync(transaction, [.. reports], time.GetUtcNow(), SignalEffects.CauseOf(sender, told));
        return devices.Count == 0 ? SignalEffect.Unmatched : new(compliant ? "compliant" : "not compliant") { Device = devices is [var only] ? Device.IdOf(only.Provider, only.Name) : null };
    }

    /// <summary>The ids of the devices that an event is about.</summary>
    public IReadOnlyList<string> Named(Transmitter sender, SecurityEvent told) => [.. NamesOf(sender, told).Select(one => Device.IdOf(one.Provider, one.Name))];

    // A subject that is not complex names the device, because the event is about one.
    private IEnumerable<(string Provider, string Name)> NamesOf(Transmitter sender, SecurityEvent told)
    {
        IReadOnlyList<Identifier> names = told.Subject.Device is { } device ? [device] : told.Subject.Simple;
        foreach (var name in names)
            if (scope.Thing(sender, name) is { } thing)
                foreach (var provider in thing.Providers) yield return (provider, thing.Name);
    }
}
