using Dapper;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Doorward.Server;

/// <summary>
/// What a start needs before it knows what is configured, brought in on another core while the configuration is read. A start is the runtime loading
/// types, one after another. What is made here is thrown away, but for what the process remembers of types; nobody waits for it, and where it
/// fails a start only takes longer (a test holds that it does not).
/// </summary>
internal static class Ahead
{
    /// <summary>Begins, where there is another core.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1) _ = AllAsync();
    }

    /// <summary>All of it, on the pool.</summary>
    public static Task AllAsync() => Task.WhenAll(Task.Run(Sections), Task.Run(SystemTrust.Read), Task.Run(StoreAsync), Task.Run(HostAsync));

    /// <summary>What may stand in the file, which reflection tells. Its text is parsed meanwhile.</summary>
    private static void Sections()
    {
        SectionShape.Of(typeof(ConfigurationOptions));
        SectionShape.Of(typeof(RouteOptions));
    }

    /// <summary>The engine of the embedded store, for nothing where there is another, and what makes objects of rows.</summary>
    private static async Task StoreAsync()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(new("CREATE TABLE ahead (number bigint NOT NULL, text text NOT NULL, bytes blob NOT NULL)", transaction: transaction));
        var row = new Row(1, "", []);
        await connection.ExecuteAsync(new("INSERT INTO ahead VALUES (@Number, @Text, @Bytes)", row, transaction));
        await using var reader = await connection.ExecuteReaderAsync(new("SELECT number AS Number, text AS Text, bytes AS Bytes FROM ahead WHERE number = @Number", row, transaction));
        await reader.ReadAsync();
        _ = reader.GetRowParser(typeof(Row))(reader);
    }

    /// <summary>The web server, and what is registered with it. It is put together and never started, so it listens nowhere.</summary>
    private static async Task HostAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting().AddForwarding().AddTelemetry(new TelemetryOptions(), Product.Name);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseOurSockets();
        await using var app = builder.Build();
        _ = app.Services.GetRequiredService<IServer>();
        _ = app.Services.GetRequiredService<MeterProvider>();
    }

    private sealed record Row(long Number, string Text, byte[] Bytes);
}
