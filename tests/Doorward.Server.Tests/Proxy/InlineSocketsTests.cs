using System.Net.Sockets;
using System.Reflection;
using Doorward.Server.Proxy;

namespace Doorward.Server.Tests.Proxy;

public sealed class InlineSocketsTests
{
    [Fact]
    public void The_runtime_still_has_what_makes_one_socket_inline()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var preference = typeof(SafeSocketHandle).GetProperty("PreferInlineCompletions", BindingFlags.Instance | BindingFlags.NonPublic)!;
        Assert.Equal(false, preference.GetValue(socket.SafeHandle));
        InlineSockets.Prefer(socket, true);
        Assert.Equal(true, preference.GetValue(socket.SafeHandle));
    }
}
