using System.Net;
using System.Net.Sockets;

namespace Doorward.Demo;

/// <summary>Chooses ports: the wanted one, or the next that is free.</summary>
internal sealed class Ports
{
    private readonly HashSet<int> _given = [];
    private readonly List<string> _moves = [];

    /// <summary>Which wanted ports were taken, and what is used instead.</summary>
    public IReadOnlyList<string> Moves => _moves;

    public int Take(int wanted, string what)
    {
        for (var port = wanted; port <= IPEndPoint.MaxPort; port++)
        {
            if (_given.Contains(port) || !IsFree(port)) continue;
            _given.Add(port);
            if (port != wanted) _moves.Add($"Port {wanted} is taken: {what} listens on {port}.");
            return port;
        }
        throw new InvalidOperationException($"No port from {wanted} on is free.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
