using System.CommandLine;
using System.Net.Http.Json;
using Doorward.Policy;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Comparison;
using Doorward.Server.Routes.Loading;

namespace Doorward.Commands;

/// <summary>
/// <c>doorward check FILE</c>: every problem of a configuration; with <c>--against</c> also what it would change on a running server:
/// exit code 0 for nothing, 1 for something, 2 where there are problems.
/// </summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The configuration file." };
        var against = new Option<string?>("--against") { Description = "A running server, by its URL or by its Unix socket: tell what the file would change there." };
        var token = Arguments.TokenFile();
        var json = Arguments.Json();
        var command = new Command("check", "Tell every problem of a configuration, and what it would change.") { file, against, token, json };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(file), parsed.GetValue(against), parsed.GetValue(token), parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, string? against, string? tokenFile, bool json, TextWriter output, CancellationToken cancellation)
    {
        var (configuration, found) = ConfigurationLoader.Load(file);
        List<Problem> problems = [.. found];
        IReadOnlyList<Change>? changes = null;
        if (configuration is not null && against is not null && await InForceAsync(against, tokenFile, problems, cancellation) is { } inForce)
            changes = Differences.Between(inForce, ConfigurationSummary.Of(configuration));
        if (json) WriteJson(output, configuration, changes, problems);
        else await WriteLinesAsync(output, configuration, changes, problems);
        return Output.ExitCodeOf(problems) is not ExitCodes.Done and var code ? code
            : changes is { Count: > 0 } ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<ConfigurationSummary?> InForceAsync(string against, string? tokenFile, List<Problem> problems, CancellationToken cancellation)
    {
        using var server = RunningServer.Open(against, tokenFile, problems);
        return server is null ? null : await server.AskAsync(
            HttpMethod.Get, ConfigurationApi.Path, null, (content, cancel) => content.ReadFromJsonAsync(SummaryJson.Default.ConfigurationSummary, cancel), cancellation);
    }

    private static async Task WriteLinesAsync(TextWriter output, Configuration? configuration, IReadOnlyList<Change>? changes, List<Problem> problems)
    {
        foreach (var problem in problems) await output.WriteLineAsync(problem.ToString());
        foreach (var change in changes ?? []) await output.WriteLineAsync(change.ToString());
        if (changes is { Count: 0 }) await output.WriteLineAsync("nothing would change");
        var size = configuration is null ? "" : $"{Wording.Count(configuration.Routes.Count, "route")}, {Wording.Count(configuration.Policies.Count, "policy", "policies")}, ";
        await output.WriteLineAsync(size + Output.Summary(problems));
    }

    private static void WriteJson(TextWriter output, Configuration? configuration, IReadOnlyList<Change>? changes, List<Problem> problems) => Output.WriteJson(output, new
    {
        Version = configuration?.Hash,
        Changes = changes?.Select(change => new { Kind = change.Kind.ToString().ToLowerInvariant(), change.Noun, change.Name, change.Details }),
        Problems = problems.Select(Output.Of),
    });
}
