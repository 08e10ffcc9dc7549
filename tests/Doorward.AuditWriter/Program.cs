using System.Globalization;
using System.Net;
using Doorward.Policy;
using Doorward.Server.Audit;

// Doorward.AuditWriter FOLDER ROUND [SEGMENT-BYTES [PAUSE-MS]]: two writers append decisions and ends until the process is killed. A line on the
// standard output is an answer that a client saw: «+id» was written before, «-id» was refused.
var options = new AuditOptions
{
    Folder = args[0],
    SegmentBytes = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 256 * 1024,
    Group = TimeSpan.FromMilliseconds(20),
};
var pause = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 0;
await using var trail = AuditTrail.Open(options, TimeProvider.System);
Console.WriteLine("ready");
await Task.WhenAll(WriteAsync(0), WriteAsync(1));

async Task WriteAsync(int writer)
{
    await Task.Yield();
    for (var i = 0; ; i++)
    {
        var id = $"{args[1]}-{writer}-{i}";
        var written = await trail.Append(new DecisionRecord
        {
            RequestId = id, At = DateTimeOffset.UtcNow, Route = "app", Method = "GET", Host = "app.example.com", Path = "/", Address = IPAddress.Loopback,
            Policy = EffectivePolicy.DenyAll, Configuration = 1, Decision = new() { Outcome = Outcome.Allow },
            Facts = new() { Now = DateTimeOffset.UtcNow, Session = new() { Id = "s1" }, Person = new() { Id = "corp/u1", Email = "ada@example.com" } },
        });
        // One write a line: the pipe takes it whole or not at all.
        Console.Out.Write(written == Appended.Written ? $"+{id}\n" : $"-{id}\n");
        if (written == Appended.Written)
            trail.Append(new EndRecord { RequestId = id, At = DateTimeOffset.UtcNow, Status = 200, BytesReceived = 0, BytesSent = 1, Duration = TimeSpan.Zero, EndedBy = EndedBy.Upstream });
        if (pause > 0) await Task.Delay(pause);
    }
}
