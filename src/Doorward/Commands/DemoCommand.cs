using System.CommandLine;
using Doorward.Demo;
using Doorward.Policy;

namespace Doorward.Commands;

/// <summary><c>doorward demo</c>: everything on this machine, with nothing else to install.</summary>
internal static class DemoCommand
{
    public static Command Create(StartDoorward startDoorward)
    {
        var http = new Option<bool>("--http") { Description = "Without TLS." };
        var reset = new Option<bool>("--reset") { Description = "Forget everything of earlier demos first." };
        var folder = new Option<string>("--state") { Description = "The folder of the demo's state.", HelpName = "FOLDER", DefaultValueFactory = _ => StateFolder.Default };
        var command = new Command("demo", "Try Doorward on this machine: with people, apps and an identity provider to practise with.") { http, reset, folder };
        command.SetAction((parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration;
            return RunAsync(parsed.GetValue(folder)!, parsed.GetValue(reset), parsed.GetValue(http), startDoorward, output.Output, output.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string folder, bool reset, bool http, StartDoorward startDoorward, TextWriter output, TextWriter error, CancellationToken cancellation)
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
            await using var run = await DemoRun.StartAsync(state, http, startDoorward, TimeProvider.System, output, cancellation);
            await DemoTexts.WriteAsync(run, output, cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await output.WriteLineAsync("The demo has ended.");
        }
        return ExitCodes.Done;
    }
}
