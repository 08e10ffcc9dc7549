using System.CommandLine;
using Doorward.Server;
using Doorward.Server.Routes.Loading;

namespace Doorward.Commands;

/// <summary><c>doorward serve --config FILE</c>: the server, until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration file.", Required = true };
        var command = new Command("serve", "Run the server.") { config };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(config), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string config, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var started = await DoorwardServer.StartAsync(
            new ServerStart { ConfigurationPath = config, Environment = ConfigurationLoader.ProcessEnvironment(), Logging = Logs.ToStandardError }, cancellation);
        foreach (var problem in started.Problems) await error.WriteLineAsync(problem.ToString());
        if (started.Server is null) return ExitCodes.Problems;
        await using var server = started.Server;
        await output.WriteLineAsync($"Doorward listens at {string.Join(", ", server.Addresses)}");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, server.Ended);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return cancellation.IsCancellationRequested ? ExitCodes.Done : ExitCodes.Failed;
    }
}
