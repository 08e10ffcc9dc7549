using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary><c>doorward sessions</c>: who is signed in on a server that runs, and the end of it.</summary>
internal static class SessionsCommand
{
    public static Command Create() => new("sessions", "List sessions, and end them at once, on every node, with everything they have open.") { List(), End() };

    private static Command List()
    {
        var person = new Option<string?>("--person") { Description = "Only this person's.", HelpName = "PROVIDER/SUBJECT" };
        var command = new Command("list", "List who is signed in, the most recently used first.") { person };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<IReadOnlyList<SessionBody>>(HttpMethod.Get, SessionsApi.Path + Query(parsed.GetValue(person)), null, cancellation),
            sessions => new { Sessions = sessions },
            (sessions, streams) =>
            {
                foreach (var one in sessions)
                    streams.Output.WriteLine($"{one.Id}: {one.Person}; since {Instants.Text(one.Started)}, until {Instants.Text(one.Expires)}, last used {Instants.Text(one.LastActivity)}{(one.Address is { } address ? $" from {address}" : "")}");
                streams.Output.WriteLine(Wording.Count(sessions.Count, "session"));
            });
        return command;
    }

    private static Command End()
    {
        var session = new Argument<string?>("SESSION") { Description = "The session's id.", Arity = ArgumentArity.ZeroOrOne };
        var person = new Option<string?>("--person") { Description = "Everything that this person has open.", HelpName = "PROVIDER/SUBJECT" };
        var command = new Command("end", "End a session, or all of a person.") { session, person };
        command.Validators.Add(result =>
        {
            if (result.GetValue(session) is null == result.GetValue(person) is null) result.AddError("Name a session, or a person by --person.");
        });
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<EndedBody>(
                HttpMethod.Delete, SessionsApi.Path + (parsed.GetValue(session) is { } id ? "/" + Uri.EscapeDataString(id) : Query(parsed.GetValue(person))), null, cancellation),
            ended => ended,
            (ended, streams) => streams.Output.WriteLine(Wording.Count(ended.Ended, "session has ended.", "sessions have ended.")));
        return command;
    }

    private static string Query(string? person) => person is null ? "" : $"?person={Uri.EscapeDataString(person)}";
}
