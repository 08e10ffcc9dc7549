using Microsoft.Data.Sqlite;

namespace Doorward.Tests.Commands;

/// <summary>An administrator asks a server that runs why somebody may pass, or not.</summary>
public sealed class ExplainPersonTests : IAsyncLifetime
{
    private const string Configuration = """
        url: http://localhost:8080
        listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        routes:
          - name: shop
            from: http://shop.example.com
            response: { status: 200, body: shop }
            policy: { allow: { and: [ { groups: { has: sre } }, { http_method: GET }, { source_ip: 10.0.0.0/8 } ] } }

        """;

    private readonly TextFiles _files = new();
    private string _config = "";
    private Executable _server = null!;

    public async ValueTask InitializeAsync()
    {
        _config = _files.Write("doorward.yaml", Configuration);
        // The first start makes the store; people who signed in long ago are put there by hand.
        await using (var first = await Executable.ServeAsync(_config)) await first.StopAsync();
        await using (var store = new SqliteConnection($"Data Source={Path.Combine(Path.GetDirectoryName(_config)!, "doorward.db")};Pooling=False"))
        {
            await store.OpenAsync();
            await using var command = store.CreateCommand();
            command.CommandText = """
                INSERT INTO persons (id, provider, subject, email, email_verified, groups, attributes, active, version) VALUES
                  ('corp/1', 'corp', '1', 'ada@example.com', 1, '[["g1","sre",null]]', '{}', 1, 1), ('corp/2', 'corp', '2', 'bob@example.com', 1, '[["g2","dev",null]]', '{}', 1, 1),
                  ('corp/3', 'corp', '3', 'eve@example.com', 1, null, '{}', 1, 1), ('lab/3', 'lab', '3', 'Eve@example.com', 1, null, '{}', 1, 1);
                INSERT INTO sessions (id, person, started, expires, last_activity, series, epoch, version, facts)
                  SELECT 's-' || id, id, 1, 4102444800000, 1, 1, (SELECT epoch FROM feed), 1, '{"auth_time":null,"acr":null,"amr":null,"provider":"corp","failed":0,"claims":{}}' FROM persons WHERE id IN ('corp/1', 'corp/2');
                """;
            await command.ExecuteNonQueryAsync();
        }

        _server = await Executable.ServeAsync(_config);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task The_answer_is_about_the_person_as_they_are_known_and_the_request_supposed()
    {
        var allowed = await ExplainAsync("ada@example.com", "--source-ip", "10.0.0.1");
        Assert.Equal(0, allowed.ExitCode);
        Assert.StartsWith("corp/1 at shop:\nLet through (groups-ok, http-method-ok, source-ip-ok).", allowed.Output, StringComparison.Ordinal);

        var refused = await ExplainAsync("corp/2", "--source-ip", "192.0.2.1", "--method", "POST");
        Assert.Contains("groups: It asks that you are in the group «sre»: false. Your groups are «dev».", refused.Output, StringComparison.Ordinal);
        Assert.Contains("http_method: It asks that the method is «GET»: false.", refused.Output, StringComparison.Ordinal);
        Assert.Contains("source_ip: It asks that you come from a network it names: false. Your address is 192.0.2.1.", refused.Output, StringComparison.Ordinal);

        var json = (await ExplainAsync("corp/2", "--json")).Json.GetProperty("explanations")[0];
        Assert.Equal(("corp/2", "shop", "deny"), (json.GetProperty("name").GetString(), json.GetProperty("route").GetString(), json.GetProperty("explanation").GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Who_has_no_session_open_is_asked_to_sign_in() =>
        Assert.StartsWith("corp/3 at shop, not signed in:\n", (await ExplainAsync("corp/3", "--source-ip", "10.0.0.1")).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("nobody@example.com", "shop", "a person is known once they have signed in")]
    [InlineData("eve@example.com", "shop", "Several people have the e-mail address «eve@example.com»: corp/3, lab/3.")]
    [InlineData("corp/1", "shed", "There is no route «shed».")]
    public async Task Who_or_what_is_not_there_is_a_problem(string person, string route, string told)
    {
        var run = await Executable.RunAsync("policy", "explain", "--config", _config, "--route", route, "--person", person);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error DW7003: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> ExplainAsync(string person, params string[] more) =>
        Executable.RunAsync(["policy", "explain", "--config", _config, "--route", "shop", "--person", person, .. more]);
}
