using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Doorward.Server.Proxy;

/// <summary>Makes every socket that the server listens on: a Unix socket for this user only, and a failure that names its place.</summary>
internal static class ListeningSocket
{
    public static Socket Create(EndPoint endpoint)
    {
        Socket? socket = null;
        try
        {
            socket = endpoint is UnixDomainSocketEndPoint ? CreatePrivate(endpoint) : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Of two that start at once both may bind (SO_REUSEADDR); the second fails only here. Kestrel listens again, with its backlog.
            socket.Listen();
            return socket;
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            throw new CannotListenException(endpoint, failure);
        }
    }

    private static Socket CreatePrivate(EndPoint endpoint)
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Linux gives the file the mode of the unbound socket, less the umask: at no instant may anybody else open it.
            if (OperatingSystem.IsLinux())
            {
                using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
                File.SetUnixFileMode(handle, Mode);
            }
            socket.Bind(endpoint);
            // Elsewhere only afterwards; the folder is the protection there.
            if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) File.SetUnixFileMode(endpoint.ToString()!, Mode);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Nothing can listen there.</summary>
internal sealed class CannotListenException(EndPoint endpoint, SocketException why) : Exception($"{endpoint} cannot be listened on: {why.SocketErrorCode}.", why)
{
    public EndPoint EndPoint => endpoint;

    public SocketError Error => why.SocketErrorCode;
}
