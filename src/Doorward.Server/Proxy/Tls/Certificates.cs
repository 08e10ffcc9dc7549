using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Doorward.Policy;
using Doorward.Server.Proxy.Targets;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Doorward.Server.Proxy.Tls;

/// <summary>
/// The certificates of all hosts, by server name, swapped while connections live; and what clients' certificates are worth.
/// </summary>
internal sealed class Certificates(TimeProvider time)
{
    private IReadOnlyDictionary<string, ServerCertificate> _good = new Dictionary<string, ServerCertificate>();
    private volatile TlsTable _table = new([], [], null);

    public bool AnyFor(string host) => _table.Find(host) is not null;

    /// <summary>Takes new certificates and settings. A file that cannot be read is a problem; its last good certificate stays.</summary>
    public void Use(IReadOnlyList<CertificateOptions> certificates, MutualTlsOptions clients, ICollection<Problem> problems)
    {
        var good = new Dictionary<string, ServerCertificate>();
        foreach (var options in certificates)
        {
            if (Load(options, problems) is { } certificate)
                good.TryAdd(certificate.Id, certificate);
        }

        var everywhere = ClientCertificateSettings.Read(clients, problems, clients.Place);
        var hosts = new List<(HostPattern, ClientCertificateSettings?)>();
        foreach (var options in clients.Hosts)
        {
            var settings = ClientCertificateSettings.Read(options, problems, options.Place);
            hosts.AddRange(options.Hosts.Select(host => HostPattern.Parse(host)).OfType<HostPattern>().Select(host => (host, settings)));
        }

        _good = good;
        _table = new TlsTable([.. good.Values], hosts, everywhere);
    }

    /// <summary>For Kestrel. A name that no certificate is for ends the handshake: a wrong certificate would help nobody.</summary>
    public ValueTask<SslServerAuthenticationOptions> OnConnection(TlsHandshakeCallbackContext context)
    {
        var table = _table;
        var name = context.ClientHelloInfo.ServerName is { Length: > 0 } sent ? sent : null;
        string? host = null;
        if (name is not null)
            host = RequestHost.Parse(name, https: true, out var parsed) == Defect.None ? parsed.Name : throw new AuthenticationException("The server name is no host name.");
        var choice = (host is null ? table.Default : table.Find(host)) ?? throw new AuthenticationException("There is no certificate for this host.");
        var connection = new TlsConnection(host, choice, time);
        context.Connection.Features.Set(connection);
        return ValueTask.FromResult(choice.Client is null ? choice.Options : choice.AskingFor(connection));
    }

    /// <summary>421 where this host would have chosen other TLS parameters than this connection has (RFC 9110, 15.5.20).</summary>
    public Defect Check(HttpContext context, RequestHost host)
    {
        if (context.Features.Get<TlsConnection>() is not { } connection)
            return Defect.None;
        if (connection.ServerName == host.Name)
            return StillHolds(connection, _table.SettingsOf(host.Name)) ? Defect.None : Defect.Misdirected;
        if (_table.Find(host.Name) is not { } choice || (connection.ServerName is null && choice.Client is not null))
            return Defect.Misdirected;
        return choice.Serves(connection.Choice) ? Defect.None : Defect.Misdirected;
    }

    /// <summary>What is known of the client's certificate on this host; null where none was shown, or none is asked for.</summary>
    public CertificateFacts? FactsOf(HttpContext context, RequestHost host) =>
        context.Features.Get<TlsConnection>() is { Choice.Client: not null } connection && _table.SettingsOf(host.Name) is { } settings
            ? connection.Check(settings)?.Facts
            : null;

    /// <summary>The device that the connection's certificate names, as its person's provider calls it; null where it names none.</summary>
    public string? DeviceOf(CertificateFacts? certificate, RequestHost host) => certificate is null ? null : _table.SettingsOf(host.Name)?.DeviceOf(certificate);

    /// <summary>What follows from a missing or invalid certificate on this host; null where none is asked for.</summary>
    public Enforcement? EnforcementOf(RequestHost host) => _table.SettingsOf(host.Name)?.Enforcement;

    /// <summary>
    /// For the host that the connection was made for. Its settings may have changed since: then the certificate is checked by the new
    /// ones, unless one has to be asked for first, or none would have been let in.
    /// </summary>
    private static bool StillHolds(TlsConnection connection, ClientCertificateSettings? settings) => settings switch
    {
        null => true,
        { Enforcement: Enforcement.RejectConnection } => connection.Check(settings) is { Facts.Valid: true },
        _ => connection.Choice.Client is not null,
    };

    private ServerCertificate? Load(CertificateOptions options, ICollection<Problem> problems)
    {
        if (options is not { Cert: { } cert, Key: { } key })
            return null;
        try
        {
            var certificate = _good.GetValueOrDefault(cert.Path) is { } known && known.Digest == ServerCertificate.DigestOf(cert.Content, key.Content)
                ? known
                : ServerCertificate.Load(cert.Path, cert.Content, key.Content);
            if (certificate.NotAfter <= time.GetUtcNow())
                problems.Add(new("DW5002", Severity.Warning, $"The certificate in {cert.Path} has expired.", "Renew it; the file is watched.", new(cert.Path, 0, 0)));
            return certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            problems.Add(new("DW5001", Severity.Error, $"The certificate in {cert.Path} and the key in {key.Path} cannot be used together.", "Write both in PEM, the certificate first and its intermediates after it.", new(cert.Path, 0, 0)));
            return _good.GetValueOrDefault(cert.Path);
        }
    }
}
