using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands.Auditing;

/// <summary><c>doorward audit pseudonymise PERSON</c>: takes a person out of the records in the store; they verify as before.</summary>
internal static class AuditPseudonymise
{
    public static Command Create()
    {
        var person = new Argument<string>("PERSON") { Description = "The person's id, such as corp/4711." };
        var command = new Command("pseudonymise", "Take a person out of the records in the store. This cannot be undone; the records verify as before.") { person };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<PseudonymBody>(HttpMethod.Post, AuditApi.Path + "/pseudonyms", new PseudonymiseBody(parsed.GetRequiredValue(person)), cancellation),
            done => done,
            (done, streams) => streams.Output.WriteLine($"{Wording.Count(done.Records, "record now names", "records now name")} {done.Name}. What sinks outside have of them is not reached; what is still on its way is, if you run this again in a minute."));
        return command;
    }
}
