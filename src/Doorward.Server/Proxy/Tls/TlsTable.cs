using System.Collections.Frozen;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Proxy.Tls;

/// <summary>Which TLS parameters a host has. Immutable, replaced whole; a look-up allocates nothing for a host that a certificate names.</summary>
internal sealed class TlsTable
{
    private readonly FrozenDictionary<string, TlsChoice> _exact;
    private readonly FrozenDictionary<string, TlsChoice> _wildcard;
    private readonly IReadOnlyList<(HostPattern Host, ClientCertificateSettings? Settings)> _clients;
    private readonly FrozenDictionary<(ServerCertificate, ClientCertificateSettings?), TlsChoice> _choices;
    private readonly ClientCertificateSettings? _everywhere;

    /// <param name="certificates">The first is the default, for clients that name no host.</param>
    /// <param name="clients">Hosts with client certificate settings of their own; null settings ask for none.</param>
    /// <param name="everywhere">The settings of all other hosts.</param>
    public TlsTable(
        IReadOnlyList<ServerCertificate> certificates,
        IReadOnlyList<(HostPattern Host, ClientCertificateSettings? Settings)> clients,
        ClientCertificateSettings? everywhere)
    {
        _clients = clients;
        _everywhere = everywhere;
        var settings = clients.Select(client => client.Settings).Append(everywhere).Distinct().ToList();
        _choices = certificates.SelectMany(certificate => settings.Select(client => KeyValuePair.Create((certificate, client), new TlsChoice(certificate, client))))
            .ToFrozenDictionary();
        var exact = new Dictionary<string, TlsChoice>();
        var wildcard = new Dictionary<string, TlsChoice>();
        foreach (var certificate in certificates)
        {
            foreach (var host in certificate.Hosts)
            {
                // The first certificate for a host counts. A wildcard's choice is only its certificate's: hosts below it may differ.
                if (host.Kind == HostPatternKind.Exact)
                    exact.TryAdd(host.Name, _choices[(certificate, SettingsOf(host.Name))]);
                else
                    wildcard.TryAdd(host.Name, _choices[(certificate, everywhere)]);
            }
        }

        _exact = exact.ToFrozenDictionary();
        _wildcard = wildcard.ToFrozenDictionary();
        if (certificates.Count > 0)
            Default = _choices[(certificates[0], everywhere)];
    }

    /// <summary>For clients that name no host; null where there is no certificate at all.</summary>
    public TlsChoice? Default { get; }

    /// <summary>Null where no certificate is for the host.</summary>
    public TlsChoice? Find(string host)
    {
        if (_exact.TryGetValue(host, out var choice))
            return choice;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !_wildcard.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host.AsSpan(dot + 1), out choice))
            return null;
        return _clients.Count == 0 ? choice : _choices[(choice.Certificate, SettingsOf(host))];
    }

    public ClientCertificateSettings? SettingsOf(string host)
    {
        foreach (var (pattern, settings) in _clients)
        {
            if (pattern.Overlaps(new HostPattern(HostPatternKind.Exact, host)))
                return settings;
        }

        return _everywhere;
    }
}
