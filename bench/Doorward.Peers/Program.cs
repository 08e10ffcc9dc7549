using System.Globalization;
using Doorward.Peers;

if (args is ["yarp", var port, var upstream])
{
    await PlainYarp.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(upstream, CultureInfo.InvariantCulture));
    return 0;
}
var alone = args is ["alone", ..];
if (alone) args = args[1..];
var rounds = int.Parse(args.ElementAtOrDefault(0) ?? "5", CultureInfo.InvariantCulture);
var seconds = int.Parse(args.ElementAtOrDefault(1) ?? "6", CultureInfo.InvariantCulture);
return await (alone ? Alone.RunAsync(rounds, seconds, CancellationToken.None) : Comparison.RunAsync(rounds, seconds, CancellationToken.None));
