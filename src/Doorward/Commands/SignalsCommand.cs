using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary><c>doorward signals</c>: who tells a server that runs of changes, and how long ago they last did.</summary>
internal static class SignalsCommand
{
    public static Command Create() => new("signals", "Who tells of changes: transmitters of security events, directories, providers' logouts.") { Status() };

    private static Command Status()
    {
        var command = new Command("status", "Tell of each source whether it is heard, what it last said, and how much was taken and refused.");
        ServerChoice.SetAction(
            command,
            (server, _, cancellation) => server.AskAsync<IReadOnlyList<SignalBody>>(HttpMethod.Get, SignalsApi.Path, null, cancellation),
            sources => new { Signals = sources },
            (sources, streams) =>
            {
                foreach (var one in sources) streams.Output.WriteLine(Line(one));
                streams.Output.WriteLine(Wording.Count(sources.Count, "source"));
            });
        return command;
    }

    private static string Line(SignalBody one)
    {
        var state = one.State is null ? "" : $"{one.State}{(one.Reason is { } reason ? $" ({reason})" : "")}; ";
        var last = one.Heard is { } heard ? $"last «{one.LastEvent}» {Instants.Text(heard)}" : "nothing yet";
        var verified = one.Asked is null ? "" : one.Verified is { } echo ? $", verified {Instants.Text(echo)}" : ", never verified";
        return $"{one.Source}: {state}{last}{verified}; {one.Taken} taken, {one.Unmatched} of them unmatched, {one.RefusedHere} refused by this node";
    }
}
