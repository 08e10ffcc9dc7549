using System.Text.Json;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// Microsoft Intune's managed devices (the resource <c>managedDevice</c> of Microsoft Graph), as a flow or function that asks Graph sends
/// them on and signs them. Their <c>azureADDeviceId</c> is what Entra's tokens call <c>deviceid</c>.
/// </summary>
internal static class IntunePosture
{
    public static DeviceReport Read(JsonElement device, DeviceReport blank)
    {
        var fields = new PostureFields(device)
            .Text("name", "deviceName").Text("os", "operatingSystem").Text("os_version", "osVersion").Flag("encrypted", "isEncrypted")
            .Text("ownership", "managedDeviceOwnerType").Text("model", "model").Text("serial", "serialNumber").Owner("userPrincipalName");
        // It is a text, of a product that may add to its words.
        if (device.Find("jailBroken") is { } broken && PostureReader.Text(broken) is { } word and not "Unknown") fields.Add("jailbroken", word.Equals("True", StringComparison.OrdinalIgnoreCase));
        return fields.Of(blank with
        {
            Compliant = device.FindText("complianceState") switch
            {
                null => throw PostureReader.Invalid("A device has no «complianceState»."),
                // Whoever is within the time that was granted to put it right still complies, for Entra too.
                "compliant" or "inGracePeriod" => true,
                // Another product decides.
                "configManager" => null,
                _ => false,
            },
            Managed = device.FindText("managementState") is { } state ? state == "managed" : null,
        });
    }
}
