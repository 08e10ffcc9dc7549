using System.Net.Security;

namespace Doorward.Server.Proxy.Tls;

/// <summary>TLS 1.2 and 1.3 with forward secrecy and authenticated encryption (AEAD) only: no CBC, which .NET offers by default.</summary>
internal static class CipherPolicy
{
    /// <summary>Null on Windows, where the system's policy decides.</summary>
    public static CipherSuitesPolicy? AeadOnly { get; } = OperatingSystem.IsWindows()
        ? null
#pragma warning disable CA1416 // Not reached on Windows.
        : new CipherSuitesPolicy(
        [
            TlsCipherSuite.TLS_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]);
#pragma warning restore CA1416
}
