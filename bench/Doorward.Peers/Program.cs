using System.Globalization;
using Doorward.Peers;
using Doorward.Peers.Proxies;

if (args is ["yarp", var port, var upstream])
{
    await PlainYarp.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(upstream, CultureInfo.InvariantCulture));
    return 0;
}
const int Connections = 32;
var rounds = int.Parse(args.ElementAtOrDefault(0) ?? "5", CultureInfo.InvariantCulture);
var seconds = int.Parse(args.ElementAtOrDefault(1) ?? "6", CultureInfo.InvariantCulture);
using var stop = new CancellationTokenSource();
using var work = new Workspace();
using var commands = new Commands();
SimplePeers.StartUpstream(work, commands);
List<Peer> peers = [.. SimplePeers.Start(work, commands), await Apache.StartAsync(work, commands, stop.Token)];
foreach (var peer in peers) await Ready.WaitAsync(new Uri(peer.Url), stop.Token);
var taken = peers.ToDictionary(peer => peer.Name, _ => new List<Measurement>());
foreach (var peer in peers) await Measurement.TakeAsync(peer, Connections, seconds);
for (var round = 0; round < rounds; round++)
    foreach (var peer in peers)
        taken[peer.Name].Add(await Measurement.TakeAsync(peer, Connections, seconds));
Console.WriteLine(Table.Of(taken, "nginx + auth_request"));
foreach (var (name, failed) in taken.Select(pair => (pair.Key, pair.Value.Sum(round => round.Load.Failures))).Where(pair => pair.Item2 > 0))
    Console.WriteLine($"{name}: {failed} answers were not 2xx");
return 0;
