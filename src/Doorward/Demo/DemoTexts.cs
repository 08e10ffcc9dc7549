using System.Net;
using System.Net.Sockets;
using Doorward.DevIdp.People;

namespace Doorward.Demo;

/// <summary>What the demo tells people who try it.</summary>
internal static class DemoTexts
{
    public static async Task WriteAsync(DemoRun run, TextWriter output, CancellationToken cancellation)
    {
        if (run.Authority is { } authority) output.WriteLine(Trust(authority.AuthorityFile));
        else output.WriteLine("Nothing here is encrypted (--http): it listens on this machine only, and cookies lose their strongest protection.\n");
        if (!await ResolvesAsync(cancellation)) output.WriteLine(Names(run.Plan));
        output.WriteLine("Ctrl-C ends the demo.\n");
        output.WriteLine(Addresses(run.Plan));
        output.Write(People());
        output.WriteLine();
        output.Write(Sentences(run.Plan, Program(Environment.ProcessPath), run.ConfigurationFile));
    }

    private static string Addresses(DemoPlan plan)
    {
        (Uri Url, string Text)[] addresses =
        [
            (plan.Door, "Doorward: your apps, your sessions"),
            (plan.App(DemoHosts.Hello), "open to everybody"),
            (plan.App(DemoHosts.App), "open to whoever is signed in"),
            (plan.App(DemoHosts.Finance), "open to the group finance"),
            (new(plan.App(DemoHosts.Clock), "/clock"), "two streams, open to engineers who are no contractors, on a device in order"),
            (new(plan.Idp, "/people"), "change people: groups, account, device, end date; Doorward is told at once"),
        ];
        var width = addresses.Max(address => address.Url.ToString().Length);
        return string.Concat(addresses.Select(address => $"  {address.Url.ToString().PadRight(width)}  {address.Text}\n"));
    }

    // As it can be run from anywhere, also where it is not on the PATH; «dotnet doorward.dll» is a process of another name.
    internal static string Program(string? path) => Path.GetFileNameWithoutExtension(path) != "doorward" ? "doorward"
        : path!.All(letter => char.IsAsciiLetterOrDigit(letter) || "/\\:._-".Contains(letter, StringComparison.Ordinal)) ? path!
        : OperatingSystem.IsWindows() ? $"& '{path}'" : $"'{path}'";

    // With /clock open beside it, each is one click on the page of people.
    private static string Sentences(DemoPlan plan, string program, string configuration) =>
        $"""
        To see access taken away, keep /clock open in one window and change people in another ({new Uri(plan.Idp, "/people")}):
          a device falls out of compliance    ada at {new Uri(plan.App(DemoHosts.Clock), "/clock")}: Mark device not compliant (undo: Mark device compliant)
          a person changes role               ada at {new Uri(plan.App(DemoHosts.Clock), "/clock")}: Move to finance (undo: Move to engineering)
          a contractor's engagement ends      cleo at {new Uri(plan.App(DemoHosts.App), "/clock")}: End in 5 seconds (undo: empty the end date, Save)
        What was recorded:   {program} audit query --kind end --config '{configuration}'
        Why a page refused:  {program} explain ID --config '{configuration}'    (the id that the page shows)

        """;

    private static string People()
    {
        (string, string, string)[] rows = [("person", "password", "groups"), .. SamplePeople.All.Select(p => (p.UserName, p.Password, string.Join(", ", p.Groups)))];
        return string.Concat(rows.Select(row => $"  {row.Item1,-8}  {row.Item2,-14}  {row.Item3}".TrimEnd() + "\n"));
    }

    private static string Trust(string file)
    {
        var how = OperatingSystem.IsWindows() ? $"  certutil -user -addstore Root \"{file}\"\n"
            : OperatingSystem.IsMacOS() ? $"  security add-trusted-cert -k ~/Library/Keychains/login.keychain-db '{file}'\n"
            : $"""
                  sudo cp '{file}' /usr/local/share/ca-certificates/doorward-demo.crt && sudo update-ca-certificates
                  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n doorward-demo -i '{file}'    (Chromium, Chrome; of libnss3-tools)

                """;
        return $"To trust the demo's certificates, which are good for {DemoHosts.Door} and the names under it only:\n{how}"
            + $"  Firefox: Settings, Certificates, Authorities, Import.   curl: --cacert '{file}'\n";
    }

    private static string Names(DemoPlan plan) =>
        $"""
        This system does not resolve names under {DemoHosts.Door}. Chrome, Edge and Firefox do so by themselves; for everything else
        add this line to {(OperatingSystem.IsWindows() ? @"C:\Windows\System32\drivers\etc\hosts" : "/etc/hosts")}:
          127.0.0.1 {string.Join(' ', DemoHosts.All)}
        or, with curl: --resolve '{DemoHosts.App}:{plan.DoorPort}:127.0.0.1'

        """;

    private static async Task<bool> ResolvesAsync(CancellationToken cancellation)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(DemoHosts.App, cancellation)).Any(IPAddress.IsLoopback);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
