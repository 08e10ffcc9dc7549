using System.Globalization;
using Doorward.Peers;

if (args is ["yarp", var port, var upstream])
{
    await PlainYarp.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(upstream, CultureInfo.InvariantCulture));
    return 0;
}
var part = args is ["alone" or "sessions", ..] ? args[0] : "";
if (part.Length > 0) args = args[1..];
var rounds = int.Parse(args.ElementAtOrDefault(0) ?? "5", CultureInfo.InvariantCulture);
var seconds = int.Parse(args.ElementAtOrDefault(1) ?? "6", CultureInfo.InvariantCulture);
return await (part switch
{
    "alone" => Alone.RunAsync(rounds, seconds, CancellationToken.None),
    "sessions" => ManySessions.RunAsync(rounds, seconds, CancellationToken.None),
    _ => Comparison.RunAsync(rounds, seconds, CancellationToken.None),
});
