using System.CommandLine;
using Doorward.Policy;
using Doorward.Server;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;

namespace Doorward.Commands;

/// <summary>
/// Which running server an administrative command means: the one on this machine that has the configuration, over its Unix socket,
/// which needs no secret; or the one that is named.
/// </summary>
internal sealed class ServerChoice
{
    private readonly Option<string> _config = new("--config") { Description = "The server's configuration, which tells its socket.", HelpName = "FILE", DefaultValueFactory = _ => "doorward.yaml" };
    private readonly Option<string?> _server = new("--server") { Description = "The server, by its URL or by its Unix socket, instead of the configuration.", HelpName = "URL|SOCKET" };
    private readonly Option<string?> _token = Arguments.TokenFile();
    private readonly Option<bool> _json = Arguments.Json();

    private ServerChoice()
    {
    }

    /// <summary>Gives the command the options by which a server is named.</summary>
    public static ServerChoice AddTo(Command command)
    {
        var choice = new ServerChoice();
        foreach (var option in new Option[] { choice._config, choice._server, choice._token }) command.Add(option);
        return choice;
    }

    /// <summary>What the command asks, and how it tells people the answer; programs get <paramref name="shape"/> of it as JSON.</summary>
    public static void SetAction<T>(
        Command command, Func<RunningServer, ParseResult, CancellationToken, Task<T?>> ask, Func<T, object> shape, Action<T, InvocationConfiguration> tell)
        where T : class
    {
        var choice = AddTo(command);
        command.Add(choice._json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            using var server = choice.Open(parsed, problems);
            var answer = server is null ? null : await ask(server, parsed, cancellation);
            var (streams, json) = (parsed.InvocationConfiguration, parsed.GetValue(choice._json));
            if (json) Output.WriteJson(streams.Output, answer is null ? new { Problems = problems.Select(Output.Of) } : shape(answer));
            else if (answer is not null) tell(answer, streams);
            else foreach (var problem in problems) await streams.Error.WriteLineAsync(problem.ToString());
            return answer is null ? ExitCodes.Problems : ExitCodes.Done;
        });
    }

    /// <summary>The server that is named, or else that of a configuration.</summary>
    public static RunningServer? Open(string? server, string config, string? tokenFile, ICollection<Problem> problems) =>
        (server ?? SocketOf(config, problems)) is { } where ? RunningServer.Open(where, tokenFile, problems) : null;

    public RunningServer? Open(ParseResult parsed, ICollection<Problem> problems) =>
        Open(parsed.GetValue(_server), parsed.GetValue(_config)!, parsed.GetValue(_token), problems);

    // What is wrong with a file that was changed since concerns the next reload, not this command, as long as it can be read.
    private static string? SocketOf(string path, ICollection<Problem> problems)
    {
        var loaded = new ConfigurationLoader(path, ConfigurationLoader.ProcessEnvironment()).Load(new SourceFiles(), previous: null);
        if (loaded.Configuration is { } configuration) return AdminSocket.PathOf(configuration.Settings);
        foreach (var problem in loaded.Problems) problems.Add(problem);
        return null;
    }
}
