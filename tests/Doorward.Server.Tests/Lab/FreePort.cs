using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Doorward.Server.Tests.Lab;

/// <summary>
/// Ports for those who must be told where to listen, or who listen again where they did. Not those that the system itself gives away:
/// between choosing one and listening there, one of the thousands of connections of other tests would sooner or later have it,
/// and who waits there for a listener may in the end be connected with itself.
/// </summary>
internal static class FreePort
{
    /// <summary>Linux gives connections their ports from 32768 on (ip_local_port_range).</summary>
    private const int First = 12_000, Last = 32_000;

    private static readonly ConcurrentDictionary<int, bool> _given = [];

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port) && _given.TryAdd(port, true)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
