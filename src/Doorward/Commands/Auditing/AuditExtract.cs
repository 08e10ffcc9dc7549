using System.CommandLine;
using System.Globalization;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands.Auditing;

/// <summary><c>doorward audit extract FILE</c>: records of whole days and the checkpoints for an auditor, verified after they were written.</summary>
internal static class AuditExtract
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where the records go; the checkpoints go to FILE.checkpoints." };
        var from = AuditCommand.Instant("--from", "The first day (UTC)");
        var to = AuditCommand.Instant("--to", "The last day (UTC)");
        var checkpoints = AuditVerify.Checkpoints();
        var command = new Command("extract", "Write records of whole days, and the checkpoints, for an auditor, and verify what was written.") { file, from, to, checkpoints };
        var choice = ServerChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            using var server = choice.Open(parsed, problems);
            var path = parsed.GetRequiredValue(file);
            var days = string.Join('&', new[] { Day("from", parsed.GetValue(from)), Day("to", parsed.GetValue(to)) }.OfType<string>());
            // The records first: the checkpoint that is then signed covers all of them.
            if (server is not null
                && await SaveAsync(server, HttpMethod.Get, $"{AuditApi.Path}/extract?{days}", path, cancellation)
                && await SaveAsync(server, HttpMethod.Post, $"{AuditApi.Path}/checkpoints", path + ".checkpoints", cancellation)
                && VerifyRun.Begin([path + ".checkpoints", .. parsed.GetValue(checkpoints) ?? []], null, problems) is { } run)
            {
                AuditVerify.AddFile(run, path, problems);
                // An extract, even where no day is named: asking for it is itself recorded, behind what it holds.
                if (problems.Count == 0) return run.Tell(whole: false, json: false, parsed.InvocationConfiguration.Output);
            }
            return await AuditCommand.TellAsync(problems, parsed.InvocationConfiguration.Error);
        });
        return command;
    }

    private static string? Day(string name, DateTimeOffset? instant) =>
        instant is { } at ? $"{name}={Uri.EscapeDataString(at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}" : null;

    /// <summary>An answer that broke off has as many good lines as it has, and would verify: only a whole one gets the file's name.</summary>
    private static async Task<bool> SaveAsync(RunningServer server, HttpMethod method, string path, string file, CancellationToken cancellation)
    {
        var part = file + ".part";
        var whole = await server.StreamAsync(method, path, async lines =>
        {
            await using (var saved = new FileStream(part, FileMode.Create, FileAccess.Write)) await lines.CopyToAsync(saved, cancellation);
            File.Move(part, file, overwrite: true);
        }, cancellation);
        if (!whole && File.Exists(part)) File.Delete(part);
        return whole;
    }
}
