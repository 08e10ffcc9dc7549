using System.CommandLine;
using Doorward.Demo;
using Doorward.Policy;

namespace Doorward.Commands;

/// <summary><c>doorward demo</c>: everything on this machine, with nothing else to install.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var http = new Option<bool>("--http") { Description = "Without TLS." };
        var reset = new Option<bool>("--reset") { Description = "Forget everything of earlier demos first." };
        var records = new Option<bool>("--records") { Description = "Write each decision, as a JSON line." };
        var folder = new Option<string>("--state") { Description = "The folder of the demo's state.", HelpName = "FOLDER", DefaultValueFactory = _ => StateFolder.Default };
        var command = new Command("demo", "Try Doorward on this machine: with people, apps and an identity provider to practise with.") { http, records, reset, folder };
        command.SetAction((parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration;
            return RunAsync(parsed.GetValue(folder)!, parsed.GetValue(reset), new(parsed.GetValue(http), parsed.GetValue(records)), output.Output, output.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(string folder, bool reset, DemoOptions options, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        await output.WriteLineAsync($"The demo starts. It keeps its state in {Path.GetFullPath(folder)}; --reset begins anew.");
        using var state = StateFolder.Open(folder);
        if (state is null)
        {
            await error.WriteLineAsync(new Problem("DW7020", Severity.Error, $"Another demo runs with the state in {folder}.", "End it, or name another folder with --state.", new("command line", 0, 0)).ToString());
            return ExitCodes.Problems;
        }
        if (reset) state.Reset();
        try
        {
            var (run, problems) = await DemoRun.StartAsync(state, options, TimeProvider.System, output, cancellation);
            foreach (var problem in problems) await error.WriteLineAsync(problem.ToString());
            if (run is null) return ExitCodes.Problems;
            await using var running = run;
            await DemoTexts.WriteAsync(run, output, cancellation);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, run.Ended);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await output.WriteLineAsync("The demo has ended.");
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Doorward ended by itself; the lines above say why.");
            return ExitCodes.Failed;
        }
        return ExitCodes.Done;
    }
}
