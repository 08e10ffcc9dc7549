using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>An HTTP/2 client that checks nothing: it sends one HEADERS frame of literal fields (RFC 7541, 6.2.2) and reads the status.</summary>
internal static class RawHttp2
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStreamAndHeaders = 0x5;

    /// <summary>The status; 0 where the stream was reset or the connection ended.</summary>
    public static async Task<int> StatusAsync(int port, string host, IEnumerable<(string Name, string Value)> fields)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
#pragma warning disable CA5359 // The certificate is not what is tested.
        await using var stream = new SslStream(client.GetStream(), false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, ApplicationProtocols = [SslApplicationProtocol.Http2] });
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await stream.WriteAsync(Frame(Settings, 0, 0, []));
        await stream.WriteAsync(Frame(Headers, EndStreamAndHeaders, 1, [.. fields.SelectMany(Literal)]));
        try
        {
            while (true)
            {
                var head = new byte[9];
                using var soon = new CancellationTokenSource(Eventually.Patience);
                await stream.ReadExactlyAsync(head, soon.Token);
                var body = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await stream.ReadExactlyAsync(body, soon.Token);
                switch (head[3])
                {
                    case Headers:
                        return StatusOf(body);
                    case Reset or GoAway:
                        return 0;
                }
            }
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Sends these frames after the preface, reads whatever comes, and returns when the server ends the connection or has said enough.</summary>
    public static async Task FloodAsync(int port, string host, IEnumerable<byte[]> frames)
    {
        await using var client = await TlsClient.ConnectAsync(port, host, more: options => options.ApplicationProtocols = [SslApplicationProtocol.Http2]);
        using var over = new CancellationTokenSource();
        var reading = DrainAsync(client.Stream, over.Token);
        try
        {
            await client.Stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
            await client.Stream.WriteAsync(Frame(Settings, 0, 0, []));
            foreach (var frame in frames)
                await client.Stream.WriteAsync(frame);
        }
        catch (IOException)
        {
            // Ended in the middle: so it should.
        }

        await over.CancelAsync();
        await reading;
    }

    private static async Task DrainAsync(SslStream stream, CancellationToken over)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, over) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // That is how a flood ends.
        }
    }

    public static byte[] Frame(byte type, byte flags, int stream, byte[] body) =>
        [(byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, type, flags, .. BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(stream)), .. body];

    public static IEnumerable<byte> Literal((string Name, string Value) field)
    {
        var name = Encoding.Latin1.GetBytes(field.Name);
        var value = Encoding.Latin1.GetBytes(field.Value);
        return [0, (byte)name.Length, .. name, (byte)value.Length, .. value];
    }

    // Static table entries 8 to 14 are statuses; otherwise it is a literal with the name of entry 8 (RFC 7541, appendix A).
    private static int StatusOf(byte[] block)
    {
        int[] indexed = [200, 204, 206, 304, 400, 404, 500];
        for (var i = 0; i < block.Length; i++)
        {
            // A table size update may come first.
            if ((block[i] & 0xE0) == 0x20)
                continue;
            if ((block[i] & 0x80) != 0)
                return indexed[(block[i] & 0x7F) - 8];
            return int.Parse(Encoding.ASCII.GetString(block, i + 2, 3), System.Globalization.CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
