using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Doorward.Commands;
using Doorward.Commands.Auditing;
using Doorward.Policy;

namespace Doorward;

/// <summary>The command line: a list of commands, each in a file of its own under Commands.</summary>
internal static class CommandLine
{
    private static IEnumerable<Command> Commands =>
    [
        ServeCommand.Create(),
        DemoCommand.Create(),
        CheckCommand.Create(),
        PolicyCommand.Create(),
        AuditCommand.Create(),
        ExplainCommand.Create(),
        ServiceAccountsCommand.Create(),
        SessionsCommand.Create(),
        PeopleCommand.Create(),
        DevicesCommand.Create(),
        LockCommands.Lock(),
        LockCommands.Unlock(),
        SignalsCommand.Create(),
        StoreCommand.Create(),
    ];

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The last place before the runtime would print a stack trace.")]
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("The identity-aware access proxy.");
        foreach (var command in Commands) root.Add(command);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors)
                await error.WriteLineAsync(new Problem("DW7001", Severity.Error, mistake.Message, "See doorward --help.", new("command line", 0, 0)).ToString());
            return ExitCodes.Problems;
        }

        try
        {
            return await parsed.InvokeAsync(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception fault)
        {
            await error.WriteLineAsync($"doorward: fault {IdOf(fault)} ({fault.GetType().Name}). This is a mistake in Doorward; please report it with this id and what you ran.");
            return ExitCodes.Fault;
        }
    }

    // The same fault at the same place has the same id, so that two reports of it can be joined; nothing of its message is told,
    // which may hold a secret.
    private static string IdOf(Exception fault) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fault.GetType().FullName}\n{fault.TargetSite?.DeclaringType}.{fault.TargetSite?.Name}")).AsSpan(0, 4));
}
