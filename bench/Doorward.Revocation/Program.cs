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
var trials = args.SkipWhile(arg => arg != "--trials").Skip(1).FirstOrDefault() is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : quick ? 10 : 200;
List<(string Name, Func<Task<bool>> RunAsync)> parts =
[
    .. Topology.All.Select(topology => (topology.Name, (Func<Task<bool>>)(() => Run.RunAsync(topology, trials, "bench/artifacts/revocation")))),
    ("streams", () => ManyStreams.RunAsync(quick ? 1_000 : 50_000)),
    ("sockets", () => IdleSockets.RunAsync(quick ? 500 : 8_000)),
    ("burst", () => ScimBurst.RunAsync(quick ? 200 : 10_000)),
];
var met = true;
foreach (var part in parts.Where(part => !parts.Exists(one => args.Contains(one.Name)) || args.Contains(part.Name)))
    met &= await part.RunAsync();
return met ? 0 : 1;
