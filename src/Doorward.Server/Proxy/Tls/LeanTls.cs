using System.Net.Security;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Doorward.Server.Proxy.Tls;

/// <summary>
/// OpenSSL keeps its buffers for each connection, however idle, unless it is told to give them back between two records
/// (SSL_MODE_RELEASE_BUFFERS): 13 KiB of an idle WebSocket. The runtime does not tell it so, and shows the handle to nobody.
/// </summary>
internal static partial class LeanTls
{
    // openssl/ssl.h
    private const int ControlMode = 33;
    private const nint ReleaseBuffers = 0x10;

    private const string Library = "libssl.so.3";
    private const long Version3 = 0x3000_0000;

    private static readonly FieldInfo? _context = typeof(SslStream).GetField("_securityContext", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Only where it is what the runtime uses: another version's objects are not ours to touch.</summary>
    private static readonly bool _isThere = OperatingSystem.IsLinux() && SafeEvpPKeyHandle.OpenSslVersion >= Version3 && NativeLibrary.TryLoad(Library, out _);

    /// <summary>After the handshake, before anything is read or written: nobody else may be using the connection.</summary>
    /// <returns>False where it cannot be told: all that is lost is memory.</returns>
    public static bool Take(SslStream? stream) =>
        _isThere && stream is not null && _context?.GetValue(stream) is SafeHandle { IsInvalid: false, IsClosed: false } handle
        && (Control(handle, ControlMode, ReleaseBuffers, 0) & ReleaseBuffers) != 0;

    [LibraryImport(Library, EntryPoint = "SSL_ctrl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint Control(SafeHandle ssl, int command, nint number, nint pointer);
}
