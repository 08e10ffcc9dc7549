using System.Security.Cryptography;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Npgsql;

namespace Doorward.Server.Tests.Composed;

/// <summary>A server that listens before its store is ready: another node is just making the tables.</summary>
public sealed class StartingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-starting-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Until_the_store_is_ready_everything_is_to_come_again()
    {
        var (connection, port) = (await Postgres.NewDatabaseAsync(), FreePort.Next());
        var file = Path.Combine(_folder, "doorward.yaml");
        await File.WriteAllTextAsync(file, $$"""
            url: http://door.localhost:{{port}}
            listeners: { insecure_http: "127.0.0.1:{{port}}", admin_socket: "{{_folder}}/admin.sock" }
            store: { postgres: "{{connection}}" }
            root_key: {{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}}
            audit: { folder: "{{_folder}}/audit" }
            routes:
              - { name: app, from: "http://app.door.localhost:{{port}}", response: { status: 200, body: x }, allow_any_authenticated_user: true }
            """);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var other = await source.OpenConnectionAsync();
        await using var making = await other.BeginTransactionAsync();
        await using (var table = new NpgsqlCommand("CREATE TABLE migrations (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, needs bigint NOT NULL, at bigint NOT NULL)", other)) await table.ExecuteNonQueryAsync();

        var starting = DoorwardServer.StartAsync(new() { ConfigurationPath = file, RecordLines = false }, CancellationToken.None);
        await Eventually.Holds(() => Whole.IsListening(port));
        foreach (var (host, target) in ((string, string)[])[
            ("app", "/"), ("door", "/"), ("door", "/.well-known/doorward/jwks.json"), ("app", "/.well-known/doorward/jwks.json"), ("door", "/.doorward/sessions"), ("door", "/.doorward/api/service-accounts")])
        {
            var answer = await Wire.GetAsync(port, $"{(host == "app" ? "app.door" : host)}.localhost:{port}", target, "Cookie: doorward=abc; doorward-session=abc", "Authorization: Bearer doorward_sa_abc");
            Assert.True(Wire.StatusOf(answer) == 503 && Wire.HeaderOf(answer, "Retry-After") is not null, $"{host}{target}: {answer}");
        }

        await making.CommitAsync();
        await using var server = (await starting).Server!;
        await Eventually.Holds(async () => Wire.StatusOf(await Wire.GetAsync(port, $"app.door.localhost:{port}", "/")) == 401);
    }
}
