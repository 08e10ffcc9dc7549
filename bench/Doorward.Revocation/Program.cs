using System.Globalization;
using Doorward.Revocation;
using Doorward.Revocation.Loads;
using Doorward.Revocation.Matrix;
using Doorward.Revocation.Site;

// As the peers, whose parts it uses: they read /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

switch (args)
{
    case ["load", ..]:
        await PacedLoad.RunAsync(args[1..]);
        return 0;
    case ["service"]:
        await ServiceProcess.RunAsync();
        return 0;
}
var quick = args.Contains("--quick");
var trials = Number("--trials", quick ? 10 : 200);
IReadOnlyList<string> loads = [.. Run.Loads.Where(load => args.Contains(load) || !Run.Loads.Any(args.Contains))];
int Number(string option, int otherwise) => args.SkipWhile(arg => arg != option).Skip(1).FirstOrDefault() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
List<(string Name, Func<Task<bool>> RunAsync)> parts =
[
    .. Topology.All.Select(topology => (topology.Name, (Func<Task<bool>>)(() => Run.RunAsync(topology, loads, trials, "bench/artifacts/revocation")))),
    ("streams", () => ManyStreams.RunAsync(Number("--count", quick ? 1_000 : 50_000))),
    ("sockets", () => IdleSockets.RunAsync(Number("--count", quick ? 500 : 8_000))),
    ("outage", Outage.RunAsync),
    .. Topology.All.Take(2).Select(topology => (topology.IsPostgres ? "burst" : "burst-one", (Func<Task<bool>>)(() => ScimBurst.RunAsync(topology, Number("--count", quick ? 200 : 10_000), Number("--at-once", 200))))),
];
var met = true;
foreach (var part in parts.Where(part => !parts.Exists(one => args.Contains(one.Name)) || args.Contains(part.Name)))
    met &= await part.RunAsync();
return met ? 0 : 1;
