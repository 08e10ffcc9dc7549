using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Proxy.Tls;

/// <summary>The authorities that the system trusts.</summary>
internal static class SystemTrust
{
    /// <summary>Has the runtime read them: some 150 files, 200 ms. It would when the first chain is built, for a certificate of ours or of somebody else's, while everybody waits.</summary>
    public static void Read()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        foreach (var authority in store.Certificates) authority.Dispose();
    }
}
