using System.Text.Json;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// Fleet's hosts: as its API lists them, with the number of policies that each fails; or as its webhook names those that fail one policy.
/// Fleet does not sign what it sends, so that something between has to.
/// </summary>
internal static class FleetPosture
{
    /// <returns>The hosts, and how one is read.</returns>
    public static (IReadOnlyList<JsonElement> Hosts, Func<JsonElement, DeviceReport, DeviceReport> Read) Read(JsonElement body)
    {
        if (body.Find("policy") is not { } policy)
            return (PostureReader.Devices(body.Find("host") is { ValueKind: JsonValueKind.Object } host ? host : body, "hosts"), Of);
        if (policy.ValueKind != JsonValueKind.Object || policy.FindText("name") is not { } name || body.Find("hosts") is null) throw PostureReader.Invalid("A webhook of a failing policy names the policy and its hosts.");
        return (PostureReader.Devices(body, "hosts"), (one, blank) => new PostureFields(one).Add("failing_policy", name).Text("name", "display_name").Of(blank with { Compliant = false }));
    }

    private static DeviceReport Of(JsonElement host, DeviceReport blank)
    {
        if (host.Find("issues") is not { ValueKind: JsonValueKind.Object } issues || issues.Find("failing_policies_count") is not { ValueKind: JsonValueKind.Number } count || !count.TryGetInt32(out var failing))
            throw PostureReader.Invalid("A host has no «issues» with «failing_policies_count».");
        var management = host.Find("mdm") is { ValueKind: JsonValueKind.Object } mdm ? mdm.FindText("enrollment_status") : null;
        return new PostureFields(host)
            .Text("name", "display_name").Text("os", "platform").Text("os_version", "os_version").Flag("encrypted", "disk_encryption_enabled")
            .Add("failing_policies", (double)failing).Text("serial", "hardware_serial")
            // «On (automatic)», «On (manual)», «Off», «Pending».
            .Of(blank with { Compliant = failing == 0, Managed = management?.StartsWith("On", StringComparison.Ordinal) });
    }
}
