using System.CommandLine;
using Doorward.Policy;
using Doorward.Server;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;

namespace Doorward.Commands;

/// <summary>
/// <c>doorward store restored</c>: says that the store is a backup. What was taken back since is forgotten there, so every session
/// of before ends. It speaks to the store itself: with SQLite, while no server runs.
/// </summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration that names the store.", HelpName = "FILE", DefaultValueFactory = _ => "doorward.yaml" };
        var json = Arguments.Json();
        var restored = new Command("restored", "After the store was restored from a backup, before the servers start: end every session of before.") { config, json };
        restored.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            var epoch = await RaiseAsync(parsed.GetValue(config)!, problems, cancellation);
            var streams = parsed.InvocationConfiguration;
            if (parsed.GetValue(json)) Output.WriteJson(streams.Output, new { Epoch = epoch, Problems = problems.Select(Output.Of) });
            else if (epoch is null) foreach (var problem in problems) await streams.Error.WriteLineAsync(problem.ToString());
            else await streams.Output.WriteLineAsync(
                $"The store's epoch is {epoch} now: every session of before has ended.\nLocks and service accounts are as in the backup: lock and revoke again what was locked or revoked since.");
            return epoch is null ? ExitCodes.Problems : ExitCodes.Done;
        });
        return new Command("store", "Look after the store.") { restored };
    }

    private static async Task<long?> RaiseAsync(string path, List<Problem> problems, CancellationToken cancellation)
    {
        // A mistake elsewhere in the configuration, such as a certificate that is not there yet, is not in the way.
        var loaded = new ConfigurationLoader(path, ConfigurationLoader.ProcessEnvironment()).Load(new SourceFiles(), previous: null);
        if (loaded.Configuration is not { } configuration)
        {
            problems.AddRange(loaded.Problems);
            return null;
        }
        var options = DoorwardServer.StoreOptionsOf(configuration.Settings);
        await using var database = Database.Open(options, TimeProvider.System, problems);
        if (database is null) return null;
        try
        {
            if (await Schema.MigrateAsync(database, options.Place, cancellation) is not { } refused) return await Epoch.RaiseAsync(database, cancellation);
            problems.Add(refused);
        }
        catch (StoreUnavailableException failure)
        {
            problems.Add(StoreProblems.CannotOpen(database.Name, failure.InnerException?.Message ?? failure.Message, options.Place));
        }
        return null;
    }
}
