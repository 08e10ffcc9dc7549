using System.Text.Json;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// Microsoft Intune's managed devices (the resource <c>managedDevice</c> of Microsoft Graph), as a flow or function that asks Graph sends
/// them on and signs them. Their <c>azureADDeviceId</c> is what Entra's tokens call <c>deviceid</c>.
/// </summary>
internal static class IntunePosture
{
    public static DeviceReport Read(JsonElement device, DeviceReport blank) => blank with
    {
        Compliant = device.FindText("complianceState") switch
        {
            null => throw PostureFault.Invalid("A device has no «complianceState»."),
            // Whoever is within the time that was granted to put it right still complies, for Entra too.
            "compliant" or "inGracePeriod" => true,
            // Another product decides.
            "configManager" => null,
            _ => false,
        },
        Managed = device.FindText("managementState") is { } state ? state == "managed" : null,
        Owner = device.FindText("userPrincipalName"),
        Attributes = PostureReader.Attributes(
            ("name", device.FindText("deviceName")),
            ("os", device.FindText("operatingSystem")),
            ("os_version", device.FindText("osVersion")),
            ("encrypted", device.FindFlag("isEncrypted")),
            ("jailbroken", device.FindText("jailBroken") is { } word and not "Unknown" ? word.Equals("True", StringComparison.OrdinalIgnoreCase) : (bool?)null),
            ("ownership", device.FindText("managedDeviceOwnerType")),
            ("model", device.FindText("model")),
            ("serial", device.FindText("serialNumber"))),
    };
}
