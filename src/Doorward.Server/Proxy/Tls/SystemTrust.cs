using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Proxy.Tls;

/// <summary>The authorities that the system trusts.</summary>
internal static class SystemTrust
{
    /// <summary>
    /// Has the runtime read them now, on another core than the caller's. It would read them when the first chain is built, for a certificate of ours or of
    /// somebody else's: some 150 files, 200 ms, while everybody waits. Whatever is wrong with them is told where they are needed.
    /// </summary>
    public static void ReadBeside() => _ = Task.Run(() =>
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        foreach (var authority in store.Certificates) authority.Dispose();
    });
}
