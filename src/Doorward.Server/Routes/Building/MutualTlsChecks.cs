using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Client certificates: authorities that can be read, names that can match, hosts that exist once.</summary>
internal static class MutualTlsChecks
{
    public static void Run(ConfigurationOptions configuration, Findings findings)
    {
        var options = configuration.DownstreamMtls;
        One(options, findings);
        var hosts = new HashSet<HostPattern>();
        foreach (var own in options.Hosts)
        {
            One(own, findings);
            for (var i = 0; i < own.Hosts.Count; i++)
            {
                if (HostPattern.Parse(own.Hosts[i]) is not { Kind: not HostPatternKind.Any } host)
                    findings.Error("DW2047", $"«{own.Hosts[i]}» is no host name.", "Write app.example.com or *.example.com.", own.At(nameof(own.Hosts), i));
                else if (!hosts.Add(host))
                    findings.Error("DW2058", $"Two entries have settings for the host «{host}».", "Keep it in one of them.", own.At(nameof(own.Hosts), i));
            }
        }
    }

    private static void One(ClientCertificateOptions options, Findings findings)
    {
        if (options.Ca is { } ca && !Certificates.IsAuthority(ca.Value))
            findings.Error("DW2059", "«ca» holds no certificate.", "Put the certificates of the authorities there, in PEM.", options.At(nameof(options.Ca)));
        if (options.Ca is null && (options.Crl is not null || options.MatchSubjectAltNames.Count > 0 || options.Has(nameof(options.Enforcement)) || options.Device != DeviceFrom.None))
            findings.Error("DW2059", "No client is asked for a certificate, because there is no «ca».", "Write «ca_file», or remove the section.", options.Place);
        foreach (var name in options.MatchSubjectAltNames)
        {
            var written = new[] { name.Dns, name.Email, name.IpAddress, name.Uri, name.UserPrincipalName }.OfType<string>().ToArray();
            if (written.Length != 1)
                findings.Error("DW2060", "Each entry of «match_subject_alt_names» has one type.", "Write, for example: { email: \".*@example[.]com\" }", name.Place);
            foreach (var pattern in written)
                if (!LinearRegex.TryWhole(pattern, out _, out var reason))
                    findings.Error("DW2025", $"«{pattern}» is no regular expression that can be used: {reason}.", "Correct it.", name.Place);
        }
    }
}
