using Doorward.Policy;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Doorward.Server.Store;

/// <summary>The room's things for a host.</summary>
internal static class StoreServices
{
    /// <summary>
    /// Opens what the options name, and registers what hangs on it. Null where any of the problems is an error. The store's
    /// connections are made by <see cref="StoreService"/> once the host runs.
    /// </summary>
    public static Database? AddStore(this IServiceCollection services, StoreOptions options, TimeProvider time, ICollection<Problem> problems)
    {
        var root = options.RootKey is { } text ? RootKey.Parse(text, options.Place, problems) : RootKey.Load(options.RootKeyFile, options.Place, problems);
        // Opened only when nothing else is wrong: opening takes the lock of a SQLite file.
        if (root is null || Database.Open(options, time, problems) is not { } database)
            return null;
        services.TryAddSingleton(time);
        services.AddSingleton(options).AddSingleton(root);
        // By a factory, so that the container closes it.
        services.AddSingleton(_ => database);
        services.AddSingleton(new Freshness(time, options.StalenessLimit));
        services.AddSingleton<Generation>().AddSingleton<ChangeFeed>();
        services.AddSingleton<KeyRing>().AddSingleton<KeyRotation>().AddSingleton<SigningKeys>().AddSingleton<Secrets>();
        services.AddSingleton<StoreStart>().AddSingleton<StoreService>();
        services.AddHostedService(provider =>
        {
            provider.GetRequiredService<ChangeFeed>().Subscribe(provider.GetRequiredService<KeyRing>());
            return provider.GetRequiredService<StoreService>();
        });
        return database;
    }
}
