using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Routes.Matching;

/// <summary>The hosts that a certificate is for: its alternative names. A common name does not count, as in browsers.</summary>
internal static class CertificateHosts
{
    public static IReadOnlyList<HostPattern> Of(X509Certificate2 certificate)
    {
        var hosts = new List<HostPattern>();
        foreach (var names in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            hosts.AddRange(names.EnumerateDnsNames().Select(name => HostPattern.Parse(name)).OfType<HostPattern>());
            hosts.AddRange(names.EnumerateIPAddresses().Select(address => new HostPattern(HostPatternKind.Exact, TextOf(address))));
        }

        return hosts;
    }

    private static string TextOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
