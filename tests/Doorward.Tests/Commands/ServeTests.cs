using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Doorward.Server;

namespace Doorward.Tests.Commands;

public sealed class ServeTests : IDisposable
{
    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("insecure_http")]
    [InlineData("http_redirect")]
    [InlineData("health")]
    [InlineData("metrics")]
    public async Task A_taken_port_is_a_problem_with_its_place(string listener)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var others = new[] { "insecure_http", "http_redirect", "health", "metrics" }.Where(one => one != listener).Select(one => $"  {one}: \"127.0.0.1:0\"\n");
        var file = _files.Write("doorward.yaml", Configuration($"listeners:\n  {listener}: \"{taken.LocalEndpoint}\"\n{string.Concat(others)}"));
        var run = await CommandRun.Of("serve", "--config", file);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{file}:3:{listener.Length + 5}: error DW2070: «listeners.{listener}» cannot listen at {taken.LocalEndpoint}: something listens there already. End it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_do_not_take_each_others_socket()
    {
        var listeners = $"listeners: {{ insecure_http: \"127.0.0.1:0\", health: \"127.0.0.1:0\", admin_socket: {_files.Write("admin.sock", "")} }}\n";
        var first = _files.Write("first.yaml", Configuration(listeners));
        var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = first, RecordLines = false }, TestContext.Current.CancellationToken);
        await using (var server = started.Server)
        {
            Assert.Empty(started.Problems);
            var other = Configuration(listeners).Replace("doorward.db", "other.db", StringComparison.Ordinal);
            var third = await CommandRun.Of("serve", "--config", _files.Write("third.yaml", other));
            Assert.Equal(2, third.ExitCode);
            Assert.Contains("error DW6001: The audit trail in ", third.Error, StringComparison.Ordinal);
            var second = await CommandRun.Of("serve", "--config", _files.Write("second.yaml", other + "audit: { folder: other }\n"));
            Assert.Equal(2, second.ExitCode);
            Assert.Contains($"error DW2071: The administration's socket {Path.Combine(_files.Folder, "admin.sock")} belongs to process {Environment.ProcessId}.", second.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await CommandRun.Of("check", first, "--against", Path.Combine(_files.Folder, "admin.sock"))).ExitCode);
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task The_socket_opens_for_its_own_user_only()
    {
        var started = await DoorwardServer.StartAsync(
            new ServerStart { ConfigurationPath = _files.Write("doorward.yaml", Configuration("listeners: { insecure_http: \"127.0.0.1:0\", health: \"127.0.0.1:0\" }\n")), RecordLines = false },
            TestContext.Current.CancellationToken);
        await using var server = started.Server;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_files.Folder, "admin.sock")));
    }

    [Theory]
    [InlineData("DW2072", "/a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on.sock")]
    [InlineData("DW2073", "/proc/there/is/no/way.sock")]
    public async Task A_socket_that_cannot_be_is_a_problem(string id, string path)
    {
        var run = await CommandRun.Of("serve", "--config", _files.Write("doorward.yaml", Configuration($"listeners: {{ insecure_http: \"127.0.0.1:0\", health: \"127.0.0.1:0\", admin_socket: {path} }}\n")));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"error {id}: ", run.Error, StringComparison.Ordinal);
    }

    private static string Configuration(string listeners) => "url: http://door.localhost:8080\n" + listeners + """
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

        """;
}
