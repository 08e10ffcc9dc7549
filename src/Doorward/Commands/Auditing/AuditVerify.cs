using System.CommandLine;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands.Auditing;

/// <summary>
/// <c>doorward audit verify [FILE|--store] [--checkpoints FILE]</c>: whether records are as they were written. The verifying is done
/// here, not by the server that is asked for them.
/// </summary>
internal static class AuditVerify
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "Records as JSON lines: an extract, or what a sink kept.", Arity = ArgumentArity.ZeroOrOne };
        var store = new Option<bool>("--store") { Description = "Every record in the store of a server that runs." };
        var checkpoints = Checkpoints();
        var keys = new Option<string[]>("--key") { Description = "The ids of the keys that are believed to have signed checkpoints; otherwise those that did are told.", HelpName = "ID" };
        var json = Arguments.Json();
        var command = new Command("verify", "Tell whether records are as they were written; the first that is not, where not.") { file, store, checkpoints, keys, json };
        var choice = ServerChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            var (path, output, error) = (parsed.GetValue(file), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var run = VerifyRun.Begin(parsed.GetValue(checkpoints) ?? [], parsed.GetValue(keys) is { Length: > 0 } believed ? believed.ToHashSet() : null, problems);
            if (run is null) return await AuditCommand.TellAsync(problems, error);
            if (path is null == !parsed.GetValue(store))
                problems.Add(new("DW7001", Severity.Error, "It is not said what is to be verified.", "Name a FILE, or write --store.", new("command line", 0, 0)));
            else if (path is not null) AddFile(run, path, problems);
            else await AddStoreAsync(run, choice, parsed, problems, cancellation);
            return problems.Count > 0 ? await AuditCommand.TellAsync(problems, error) : run.Tell(whole: path is null, parsed.GetValue(json), output);
        });
        return command;
    }

    public static Option<string[]> Checkpoints() => new("--checkpoints") { Description = "What was signed and kept outside; several may be named.", HelpName = "FILE" };

    public static void AddFile(VerifyRun run, string path, List<Problem> problems)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 20);
            run.Add(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new("DW7201", Severity.Error, $"{path} cannot be read: {failure.Message.TrimEnd('.')}.", "Name a file of records, a JSON line each.", new("command line", 0, 0)));
        }
    }

    private static async Task AddStoreAsync(VerifyRun run, ServerChoice choice, ParseResult parsed, List<Problem> problems, CancellationToken cancellation)
    {
        using var server = choice.Open(parsed, problems);
        if (server is null) return;
        // Before the records: what is written meanwhile is then not missing.
        var chains = await server.AskAsync<IReadOnlyList<ChainBody>>(HttpMethod.Get, AuditApi.Path + "/chains", null, cancellation);
        foreach (var chain in chains ?? []) run.Expect(chain.Node, chain.Sequence);
        if (chains is not null) await server.StreamAsync(HttpMethod.Get, AuditApi.Path + "/extract", lines => Task.Run(() => run.Add(lines), cancellation), cancellation);
    }
}
