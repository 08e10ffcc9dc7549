using System.Net;
using System.Net.Sockets;

namespace Doorward.Tests.Commands.Auditing;

/// <summary>A server whose answer breaks off in its middle, as one does whose store fails between two pages.</summary>
public sealed class BrokenExtractTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly TextFiles _files = new();

    public BrokenExtractTests()
    {
        _server.Start();
        _ = AnswerAsync();
    }

    public void Dispose()
    {
        _server.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData("extract")]
    [InlineData("verify")]
    public async Task Half_an_answer_is_a_failure_and_never_a_file(string act)
    {
        var file = Path.Combine(_files.Folder, "extract.jsonl");
        var run = await CommandRun.Of("audit", act, act == "extract" ? file : "--store", "--server", $"http://127.0.0.1:{((IPEndPoint)_server.LocalEndpoint).Port}", "--token-file", _files.Write("token", "secret"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("ended prematurely", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("as they were written", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal(["token"], Directory.GetFiles(_files.Folder).Select(Path.GetFileName));
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _server.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                var head = new byte[4096];
                var asked = System.Text.Encoding.ASCII.GetString(head, 0, await stream.ReadAsync(head));
                // The chunk that would end it never comes.
                await stream.WriteAsync(asked.Contains("/chains", StringComparison.Ordinal)
                    ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"u8.ToArray()
                    : "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{ }\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }
}
