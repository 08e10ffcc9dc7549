using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary><c>doorward lock</c> and <c>doorward unlock</c>: what is denied everywhere at once, whatever policies say.</summary>
internal static class LockCommands
{
    private static readonly string[] Kinds = ["address", "device", "group", "person", "route", "session"];

    public static Command Lock()
    {
        var (kind, key) = (Kind(), Key());
        var reason = new Option<string?>("--reason") { Description = "Why; the list and the audit trail tell it.", HelpName = "TEXT" };
        var command = new Command("lock", "Deny everywhere at once, on every node, and end what is open.") { kind, key, reason, List() };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync(
                HttpMethod.Put, PathOf(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(key)), new LockReasonBody(parsed.GetValue(reason)), (_, _) => Task.FromResult<string?>(NameOf(parsed, kind, key)), cancellation),
            name => new { Locked = name },
            (name, streams) => streams.Output.WriteLine($"{name} is locked."));
        return command;
    }

    public static Command Unlock()
    {
        var (kind, key) = (Kind(), Key());
        var command = new Command("unlock", "Lift a lock.") { kind, key };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync(
                HttpMethod.Delete, PathOf(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(key)), null, (_, _) => Task.FromResult<string?>(NameOf(parsed, kind, key)), cancellation),
            name => new { Unlocked = name },
            (name, streams) => streams.Output.WriteLine($"{name} is unlocked."));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the locks in force.");
        ServerChoice.SetAction(
            command,
            (server, _, cancellation) => server.AskAsync<IReadOnlyList<LockBody>>(HttpMethod.Get, LocksApi.Path, null, cancellation),
            locks => new { Locks = locks },
            (locks, streams) =>
            {
                foreach (var one in locks)
                    streams.Output.WriteLine($"{one.Kind} {one.Key}: since {Instants.Text(one.At)}{(one.SetBy is { } by ? $", by {by}" : "")}{(one.Reason is { } why ? $", {why}" : "")}");
                streams.Output.WriteLine(Wording.Count(locks.Count, "lock"));
            });
        return command;
    }

    private static Argument<string> Kind() => new Argument<string>("KIND") { Description = string.Join(", ", Kinds) + "." }.AcceptOnlyFromAmong(Kinds);

    private static Argument<string> Key() => new("KEY") { Description = "Which one: an address or network, a route's name, a session's or device's id, PROVIDER/SUBJECT, a group's id." };

    private static string NameOf(ParseResult parsed, Argument<string> kind, Argument<string> key) => $"{parsed.GetRequiredValue(kind)} «{parsed.GetRequiredValue(key)}»";

    // An IPv6 network and a person have slashes of their own.
    private static string PathOf(string kind, string key) => $"{LocksApi.Path}/{kind}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";
}
