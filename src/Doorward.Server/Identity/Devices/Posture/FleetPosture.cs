using System.Text.Json;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// Fleet's hosts: as its API lists them, with the number of policies that each fails; or as its webhook names those that fail one policy.
/// Fleet does not sign what it sends, so that something between has to.
/// </summary>
internal static class FleetPosture
{
    public static IEnumerable<DeviceReport> Read(JsonElement body, Func<JsonElement, DeviceReport> blank)
    {
        if (body.Find("policy") is not { } policy)
            return PostureReader.Devices(body.Find("host") is { ValueKind: JsonValueKind.Object } host ? host : body, "hosts").Select(one => Of(one, blank(one)));
        if (policy.ValueKind != JsonValueKind.Object || policy.FindText("name") is not { } name || body.Find("hosts") is null) throw PostureFault.Invalid("A webhook of a failing policy names the policy and its hosts.");
        return PostureReader.Devices(body, "hosts").Select(one => blank(one) with { Compliant = false, Attributes = PostureReader.Attributes(("failing_policy", name), ("name", one.FindText("display_name"))) });
    }

    private static DeviceReport Of(JsonElement host, DeviceReport blank)
    {
        if (host.Find("issues") is not { ValueKind: JsonValueKind.Object } issues || issues.Find("failing_policies_count") is not { ValueKind: JsonValueKind.Number } count || !count.TryGetInt32(out var failing))
            throw PostureFault.Invalid("A host has no «issues» with «failing_policies_count».");
        var management = host.Find("mdm") is { ValueKind: JsonValueKind.Object } mdm ? mdm.FindText("enrollment_status") : null;
        return blank with
        {
            Compliant = failing == 0,
            // «On (automatic)», «On (manual)», «Off», «Pending».
            Managed = management?.StartsWith("On", StringComparison.Ordinal),
            Attributes = PostureReader.Attributes(
                ("name", host.FindText("display_name")),
                ("os", host.FindText("platform")),
                ("os_version", host.FindText("os_version")),
                ("encrypted", host.FindFlag("disk_encryption_enabled")),
                ("failing_policies", (double)failing),
                ("serial", host.FindText("hardware_serial"))),
        };
    }
}
