using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary><c>doorward people</c>: people as the sign-in and all directories together tell of them, and their end dates.</summary>
internal static class PeopleCommand
{
    public static Command Create() => new("people", "List and show people, and set the instant from which one is denied everywhere.") { List(), Show(), SetEnd(), ClearEnd() };

    private static Command List()
    {
        var text = new Argument<string?>("TEXT") { Description = "The beginning of an id, a name or an e-mail address.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List people.") { text };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<IReadOnlyList<PersonBody>>(
                HttpMethod.Get, PathBeginning(parsed.GetValue(text)), null, cancellation),
            people => new { People = people },
            (people, streams) =>
            {
                foreach (var person in people) streams.Output.WriteLine(LineOf(person));
                streams.Output.WriteLine(Wording.Count(people.Count, "person", "people"));
            });
        return command;
    }

    private static Command Show()
    {
        var person = new Argument<string>("PERSON") { Description = "Provider and subject, such as corp/ada, or an e-mail address." };
        var command = new Command("show", "Show one person, and what each source tells.") { person };
        ServerChoice.SetAction(command, (server, parsed, cancellation) => server.AskAsync<PersonBody>(HttpMethod.Get, PathOf(PeopleApi.Path, parsed.GetRequiredValue(person)), null, cancellation), known => known, Tell);
        return command;
    }

    private static Command SetEnd()
    {
        var end = new Argument<DateTimeOffset?>("WHEN") { Description = $"The end: {Instants.Forms}; one that has passed counts at once.", CustomParser = Instants.Parse };
        return OfOne("set-end", "From an instant on, deny a person everywhere, and end what they have open.", [end], HttpMethod.Put, PeopleApi.EndDates, (parsed, _) => new EndDateBody(parsed.GetValue(end)!.Value));
    }

    private static Command ClearEnd() => OfOne("clear-end", "Take back the end date that administrators set; those of directories stay.", [], HttpMethod.Delete, PeopleApi.EndDates, (_, _) => null);

    private static Command OfOne(string name, string description, Argument[] more, HttpMethod method, string path, Func<ParseResult, string, object?> body)
    {
        var person = new Argument<string>("PERSON") { Description = "Provider and subject, such as corp/ada." };
        var command = new Command(name, description) { person };
        foreach (var argument in more) command.Add(argument);
        person.Validators.Add(result =>
        {
            if (!result.Tokens[0].Value.Contains('/', StringComparison.Ordinal)) result.AddError("A person is named by provider and subject, such as corp/ada; `doorward people list` tells them.");
        });
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) =>
            {
                var id = parsed.GetRequiredValue(person);
                return server.AskAsync<PersonBody>(method, PathOf(path, id), body(parsed, id), cancellation);
            },
            known => known,
            Tell);
        return command;
    }

    private static void Tell(PersonBody known, InvocationConfiguration streams)
    {
        streams.Output.WriteLine(LineOf(known));
        if (known.Groups is { } groups) streams.Output.WriteLine($"  groups: {string.Join(", ", groups)}");
        foreach (var source in known.Sources)
            streams.Output.WriteLine($"  {source.Source}: {(source.Active ? "active" : "inactive")}{(source.EndDate is { } end ? $", ends {Instants.Text(end)}" : "")} (told {Instants.Text(source.At)})");
        if (!known.SignedIn) streams.Error.WriteLine($"Nobody with the id «{known.Id}» has signed in yet.");
    }

    private static string PathOf(string path, string id) => $"{path}/{string.Join('/', id.Split('/').Select(Uri.EscapeDataString))}";

    private static string PathBeginning(string? text) => PeopleApi.Path + (text is null ? "" : $"?text={Uri.EscapeDataString(text)}");

    private static string LineOf(PersonBody person) =>
        $"{person.Id}: {person.Name ?? "no name"}, {person.Email ?? "no e-mail"}; {(person.Active ? "active" : "inactive")}{(person.EndDate is { } end ? $", ends {Instants.Text(end)}" : "")}";
}
