using System.Net.Sockets;
using System.Text;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>Sends bytes as they are, and says what came back.</summary>
internal static class Wire
{
    /// <summary>One request on a connection of its own; everything that comes back until the other side closes.</summary>
    public static async Task<string> SendAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await ReadToEndAsync(stream);
    }

    /// <summary>A GET with these further header lines, after which the connection closes.</summary>
    public static Task<string> GetAsync(int port, string host, string target, params string[] headers) =>
        SendAsync(port, $"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    public static int StatusOf(string answer) =>
        answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public static string BodyOf(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public static string? HeaderOf(string answer, string name) => answer.Split("\r\n\r\n")[0].Split("\r\n").Skip(1)
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    public static async Task<string> ReadToEndAsync(Stream stream)
    {
        using var soon = new CancellationTokenSource(Eventually.Patience);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, soon.Token)) > 0;)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            answer.Append("(reset)");
        }

        return answer.ToString();
    }

    /// <summary>Reads until the text has come.</summary>
    public static async Task<string> ReadUntilAsync(Stream stream, string text)
    {
        using var soon = new CancellationTokenSource(Eventually.Patience);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!answer.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, soon.Token);
            Assert.True(read > 0, $"The end came before \"{text}\": {answer}");
            answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }
}
