using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary><c>doorward devices</c>: the devices that people are signed in on or that sources have told of.</summary>
internal static class DevicesCommand
{
    public static Command Create() => new("devices", "List and show devices, with what is known of each, from whom and since when.") { List(), Show() };

    private static Command List()
    {
        var text = new Argument<string?>("TEXT") { Description = "The beginning of an id.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List devices.") { text };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<IReadOnlyList<DeviceBody>>(
                HttpMethod.Get, DevicesApi.Path + (parsed.GetValue(text) is { } beginning ? $"?text={Uri.EscapeDataString(beginning)}" : ""), null, cancellation),
            devices => new { Devices = devices },
            (devices, streams) =>
            {
                foreach (var device in devices) streams.Output.WriteLine(LineOf(device));
                streams.Output.WriteLine(Wording.Count(devices.Count, "device"));
            });
        return command;
    }

    private static Command Show()
    {
        var device = new Argument<string>("DEVICE") { Description = "Provider and device, such as corp/7f3a." };
        var command = new Command("show", "Show one device, and who told what.") { device };
        device.Validators.Add(result =>
        {
            if (!result.Tokens[0].Value.Contains('/', StringComparison.Ordinal)) result.AddError("A device is named by provider and id, such as corp/7f3a; `doorward devices list` tells them.");
        });
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<DeviceBody>(
                HttpMethod.Get, $"{DevicesApi.Path}/{string.Join('/', parsed.GetRequiredValue(device).Split('/').Select(Uri.EscapeDataString))}", null, cancellation),
            known => known,
            (known, streams) =>
            {
                streams.Output.WriteLine(LineOf(known));
                foreach (var fact in known.Facts) streams.Output.WriteLine($"  {fact.Name}: {fact.Value} ({fact.Source}, {Instants.Text(fact.At)})");
                foreach (var session in known.Sessions) streams.Output.WriteLine($"  session {session.Id}: {session.Person}");
            });
        return command;
    }

    private static string LineOf(DeviceBody device) =>
        $"{device.Id}: {device.Compliant switch { true => "compliant", false => "not compliant", null => "nobody has told whether it complies" }}; {Wording.Count(device.Sessions.Count, "session")}";
}
