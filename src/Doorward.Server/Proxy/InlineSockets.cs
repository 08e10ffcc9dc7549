using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Doorward.Server.Proxy;

/// <summary>
/// The sockets of the request path, the client's and the upstream's: their work is done in the thread that hears of it, not handed to the
/// pool, which saves a quarter of the CPU. Nothing on that path may block. The runtime's own switch for it takes every socket of the
/// process, also those of the store's driver, which does block: cancelling a command, it waits for a thread that waits for its answer,
/// and a server whose store was slow once never answered anybody again.
/// </summary>
internal static class InlineSockets
{
    /// <summary>How many threads hear of sockets; the runtime reads it before the first one. Set by the executable: then the request path runs in them.</summary>
    public const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable(Threads) is not null;

    public static void Take(Socket? socket)
    {
        if (!IsOn || socket is null) return;
        try
        {
            Prefer(socket, true);
        }
        catch (MissingMethodException)
        {
            // Another runtime: the pool does it, and all that is lost is CPU.
        }
    }

    /// <summary>The runtime has it, but shows it to nobody; a test holds that it is there.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    public static extern void Prefer(Socket socket, bool value);
}
