using System.Text.Json;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>Doorward's own form: <c>{"devices": [{"id", "compliant", "managed", "owner", "at", "attributes"}]}</c>, or one such device.</summary>
internal static class GenericPosture
{
    /// <summary>Of a source's clock, beyond the time at which it says to have sent.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public static DeviceReport Read(JsonElement device, DeviceReport blank)
    {
        var at = device.FindTime("at") ?? blank.At;
        // A word from the future would outlast every later one.
        if (at > blank.At + Tolerance) throw PostureReader.Invalid("«at» has not come yet.");
        return new PostureFields(device).Owner("owner").All("attributes").Of(blank with
        {
            At = at,
            Compliant = device.FindFlag("compliant"),
            Managed = device.FindFlag("managed"),
        });
    }
}
