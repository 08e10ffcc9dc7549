using System.CommandLine;
using System.Globalization;
using System.Text;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Replay;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands.Auditing;

/// <summary><c>doorward audit query</c>: the newest records that match, oldest first, as a table or as JSON lines.</summary>
internal static class AuditQuery
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    /// <summary>A record is in the store some time after the instant that it names.</summary>
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var filters = new[]
        {
            Text("person", "By the person's id, or by their e-mail address."), Text("route", "By the route's name."), Text("outcome", "By the outcome: allow, deny, sign-in ... or why Doorward itself refused: stale ..."),
            Text("reason", "By one of its reasons, such as groups-unauthorized."), Text("kind", "By its kind: decision, end, sign-in, sign-out, administration ..."), Text("request", "By the request's id."),
        };
        var from = AuditCommand.Instant("--from", "Not before");
        var to = AuditCommand.Instant("--to", "Before");
        var limit = new Option<int>("--limit") { Description = "The newest so many.", DefaultValueFactory = _ => 100 };
        var follow = new Option<bool>("--follow") { Description = "Goes on with what is recorded from now on, until Ctrl-C." };
        var json = Arguments.Json();
        var command = new Command("query", "Find records.") { from, to, limit, follow, json };
        foreach (var filter in filters) command.Add(filter);
        var choice = ServerChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            using var server = choice.Open(parsed, problems);
            if (server is null) return await AuditCommand.TellAsync(problems, parsed.InvocationConfiguration.Error);
            var query = string.Concat(filters.Where(filter => parsed.GetValue(filter) is not null).Select(filter => $"&{filter.Name.TrimStart('-')}={Uri.EscapeDataString(parsed.GetValue(filter)!)}"));
            var output = new RecordWriter(parsed.InvocationConfiguration.Output, parsed.GetValue(json));
            var since = parsed.GetValue(from);
            while (true)
            {
                var times = $"&limit={parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)}{Time("from", since)}{Time("to", parsed.GetValue(to))}";
                if (!await server.StreamAsync(HttpMethod.Get, $"{AuditApi.Path}/records?{(query + times).TrimStart('&')}", output.WriteAsync, cancellation))
                    return await AuditCommand.TellAsync(problems, parsed.InvocationConfiguration.Error);
                if (!parsed.GetValue(follow)) return ExitCodes.Done;
                if (output.Newest is { } newest) since = newest - _late;
                await Task.Delay(_look, TimeProvider.System, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
                if (cancellation.IsCancellationRequested) return ExitCodes.Done;
            }
        });
        return command;
    }

    private static string Time(string name, DateTimeOffset? instant) => instant is { } at ? $"&{name}={Uri.EscapeDataString(at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}" : "";

    private static Option<string?> Text(string name, string description) => new("--" + name) { Description = description, HelpName = name.ToUpperInvariant() };

    /// <summary>Writes each record once, in the order of time.</summary>
    private sealed class RecordWriter(TextWriter output, bool json)
    {
        private readonly HashSet<(string, long)> _seen = [];
        private bool _head;

        public DateTimeOffset? Newest { get; private set; }

        public async Task WriteAsync(Stream lines)
        {
            var records = RecordLines.Read(lines, []).SelectMany(page => page).Where(record => _seen.Add((record.Node, record.Sequence))).OrderBy(At).ThenBy(record => record.Sequence).ToList();
            foreach (var record in records)
            {
                if (!_head && !json) await output.WriteLineAsync(Row("when", "kind", "outcome", "route", "who", "what", "reasons", "request"));
                _head = true;
                await output.WriteLineAsync(json ? Encoding.UTF8.GetString(RecordLine.Of(record)).TrimEnd('\n') : Row(record));
            }
            await output.FlushAsync();
            if (records.Count > 0) Newest = At(records[^1]);
        }

        private static DateTimeOffset At(ChainedRecord record) => DateTimeOffset.FromUnixTimeMilliseconds(RecordColumns.Of(record).At);

        private static string Row(ChainedRecord record)
        {
            var (columns, decision) = (RecordColumns.Of(record), RecordedDecision.Of(record));
            return Row(
                At(record).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture), columns.Kind, columns.Outcome ?? "", columns.Route ?? "", decision?.Email ?? RecordColumns.PersonOf(record.Who) ?? decision?.Address ?? "",
                decision is null ? EventText.Of(record) : $"{decision.Method} {decision.Host}{decision.Path}", columns.Reasons?.Trim() ?? "", columns.Request ?? "");
        }

        private static string Row(string when, string kind, string outcome, string route, string who, string what, string reasons, string request) =>
            $"{when,-23}  {kind,-14}  {outcome,-9}  {route,-16}  {who,-24}  {what,-32}  {reasons}  {request}".TrimEnd();
    }
}
