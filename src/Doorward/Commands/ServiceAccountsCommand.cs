using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary>
/// <c>doorward service-accounts</c>: the machines that may pass, on a server that runs. A secret is all that goes to the standard
/// output, so that it can go straight into a file or a vault.
/// </summary>
internal static class ServiceAccountsCommand
{
    private const string Path = ServiceAccountsApi.Path;

    public static Command Create() => new("service-accounts", "Make, rotate, revoke and list service accounts: the identities of machines.")
    {
        New(), Rotate(), Revoke(), List(),
    };

    private static Command New()
    {
        var name = Name();
        var routes = new Option<string[]>("--routes") { Description = "The routes that it may pass, by name, separated by commas; all without this.", HelpName = "NAMES" };
        var expires = new Option<DateTimeOffset?>("--expires") { Description = "Its end: a time from now such as 90d, or an instant such as 2030-01-31 or 2030-01-31T12:00Z.", HelpName = "WHEN", CustomParser = Instants.Parse };
        var role = new Option<string>("--role") { Description = "admin may use the administration from afar.", DefaultValueFactory = _ => "none" };
        role.AcceptOnlyFromAmong("none", "admin");
        var command = new Command("create", "Make a service account, and print its secret, this once.") { name, routes, expires, role };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<IssuedSecretBody>(
                HttpMethod.Post,
                Path,
                new CreateBody(parsed.GetRequiredValue(name), parsed.GetValue(role), Split(parsed.GetValue(routes)), parsed.GetValue(expires)),
                cancellation),
            issued => issued,
            Tell);
        return command;
    }

    private static Command Rotate()
    {
        var name = Name();
        var command = new Command("rotate", "Print a second secret, this once; the former one counts for another day.") { name };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync<IssuedSecretBody>(HttpMethod.Post, $"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/rotate", null, cancellation),
            issued => issued,
            Tell);
        return command;
    }

    private static Command Revoke()
    {
        var name = Name();
        var command = new Command("revoke", "End a service account at once, on every node.") { name };
        ServerChoice.SetAction(
            command,
            (server, parsed, cancellation) => server.AskAsync(
                HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}", null, (_, _) => Task.FromResult<string?>(parsed.GetRequiredValue(name)), cancellation),
            revoked => new { Revoked = revoked },
            (revoked, streams) => streams.Output.WriteLine($"«{revoked}» is revoked."));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the service accounts.");
        ServerChoice.SetAction(
            command,
            (server, _, cancellation) => server.AskAsync<IReadOnlyList<ServiceAccountBody>>(HttpMethod.Get, Path, null, cancellation),
            accounts => new { Accounts = accounts },
            (accounts, streams) =>
            {
                foreach (var account in accounts) streams.Output.WriteLine(LineOf(account));
                streams.Output.WriteLine(Wording.Count(accounts.Count, "service account"));
            });
        return command;
    }

    private static void Tell(IssuedSecretBody issued, InvocationConfiguration streams)
    {
        streams.Error.WriteLine(LineOf(issued.Account));
        if (issued.FormerUntil is { } until) streams.Error.WriteLine($"The former secret counts until {Instants.Text(until)}.");
        streams.Error.WriteLine("The secret below is shown this once. It is sent as: Authorization: Bearer SECRET");
        streams.Output.WriteLine(issued.Secret);
    }

    private static string LineOf(ServiceAccountBody account)
    {
        var routes = account.Routes is { } named ? string.Join(", ", named) : "all";
        return $"{account.Name}: routes {routes}; role {account.Role}; {(account.Expires is { } end ? $"ends {Instants.Text(end)}" : "without end")}";
    }

    private static Argument<string> Name() => new("NAME") { Description = "The service account." };

    private static string[]? Split(string[]? written) =>
        written is { Length: > 0 } ? [.. written.SelectMany(one => one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))] : null;
}
