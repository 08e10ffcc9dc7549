using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Routes.Building;

/// <summary>
/// Reads certificates only to tell what is wrong with them. Each reload asks about the same texts again, and that was a third of the time that a small
/// configuration took: what was found out about a string is kept for as long as the string itself is, which is until the file that names it is read anew.
/// </summary>
internal static class Certificates
{
    private static readonly ConditionalWeakTable<string, StrongBox<IReadOnlyList<HostPattern>?>> _hosts = [];
    private static readonly ConditionalWeakTable<string, Pair> _pairs = [];

    public static bool IsAuthority(string pem)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
            return found.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var certificate in found) certificate.Dispose();
        }
    }

    /// <summary>The hosts that a certificate is for; null where it cannot be read.</summary>
    public static IReadOnlyList<HostPattern>? HostsOf(string pem) => _hosts.GetValue(pem, text => new(ReadHosts(text))).Value;

    /// <summary>Why a certificate and a key do not make a pair; null where they do.</summary>
    public static string? Mistake(string certificate, string key)
    {
        if (!_pairs.TryGetValue(certificate, out var pair) || !ReferenceEquals(pair.Key, key))
            _pairs.AddOrUpdate(certificate, pair = new(key, ReadPair(certificate, key)));
        return pair.Mistake;
    }

    private static IReadOnlyList<HostPattern>? ReadHosts(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return CertificateHosts.Of(certificate);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? ReadPair(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return null;
        }
        catch (CryptographicException)
        {
            return "the certificate or the key cannot be read";
        }
        catch (ArgumentException)
        {
            return "the key is not the certificate's";
        }
    }

    private sealed class Pair(string key, string? mistake)
    {
        public string Key => key;

        public string? Mistake => mistake;
    }
}
