using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Impossible combinations in what concerns the whole server, key by key, so that a wrong key leaves the others alone.</summary>
internal static class SettingsChecks
{
    private static readonly (string Property, Action<ConfigurationOptions, Findings> Check)[] Checks =
    [
        (nameof(ConfigurationOptions.Url), Url),
        (nameof(ConfigurationOptions.Listeners), Listeners),
        (nameof(ConfigurationOptions.Certificates), ServerCertificates),
        (nameof(ConfigurationOptions.TrustedProxies), TrustedProxies),
        (nameof(ConfigurationOptions.Store), Store),
        (nameof(ConfigurationOptions.RootKey), RootKey),
        (nameof(ConfigurationOptions.Session), Session),
        (nameof(ConfigurationOptions.Staleness), Staleness),
        (nameof(ConfigurationOptions.Audit), Audit),
        (nameof(ConfigurationOptions.Scim), ScimChecks.Run),
        (nameof(ConfigurationOptions.Signals), SignalChecks.Run),
        (nameof(ConfigurationOptions.Posture), PostureChecks.Run),
        (nameof(ConfigurationOptions.DownstreamMtls), MutualTlsChecks.Run),
    ];

    /// <summary>Checks what is not already known to be wrong.</summary>
    /// <returns>The keys that cannot be used as written.</returns>
    public static IReadOnlySet<string> Run(ConfigurationOptions options, Findings findings)
    {
        var shape = SectionShape.Of(typeof(ConfigurationOptions));
        var faulty = options.FaultyKeys.Select(key => shape.ByTwin.TryGetValue(key, out var twin) ? twin.Name : key).ToHashSet();
        foreach (var (property, check) in Checks)
        {
            var key = shape.KeyOf(property);
            var errors = findings.Errors;
            if (!faulty.Contains(key)) check(options, findings);
            if (findings.Errors != errors) faulty.Add(key);
        }

        return faulty;
    }

    private static void Url(ConfigurationOptions options, Findings findings)
    {
        if (options.Url is not { } url) return;
        if (url.Scheme is "https" or "http" && url.AbsolutePath == "/" && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            && HostName.Canonical(url.Host) is not null) return;
        findings.Error("DW2050", "«url» is more, or less, than a scheme, a host and a port.", "Write, for example: url: https://door.example.com", options.At(nameof(options.Url)));
    }

    private static void Listeners(ConfigurationOptions options, Findings findings)
    {
        var listeners = options.Listeners;
        var place = options.At(nameof(options.Listeners));
        if (listeners.Https is null && listeners.InsecureHttp is null)
            findings.Error("DW2051", "The server listens nowhere.", "Write, for example: listeners: { https: \":443\" }", place);
        if (listeners.Https is not null && !options.Has(nameof(options.Certificates)))
            findings.Error("DW2051", "The https listener has no certificate to show.", "Write «certificates», or «insecure_http» where a proxy in front ends TLS.", place);
        if (listeners.InsecureHttp is { IsLoopback: false } && options.TrustedProxies.Count == 0)
            findings.Warn("DW2052", "«insecure_http» can be reached from other machines, and no proxy is trusted to tell who asks.",
                "Name the proxies in front under «trusted_proxies», or listen on 127.0.0.1.", listeners.At(nameof(listeners.InsecureHttp)));
        var taken = new Dictionary<ListenAddress, string>();
        foreach (var (name, address) in new[] { ("https", listeners.Https), ("http_redirect", listeners.HttpRedirect), ("insecure_http", listeners.InsecureHttp), ("health", listeners.Health), ("metrics", listeners.Metrics) })
        {
            if (address is { Port: > 0 } used && !taken.TryAdd(used, name))
                findings.Error("DW2051", $"«{name}» and «{taken[used]}» listen at the same place, {used}.", "Give one of them another port.", place);
        }
    }

    private static void ServerCertificates(ConfigurationOptions options, Findings findings)
    {
        foreach (var certificate in options.Certificates)
            if (certificate is { Cert: { } cert, Key: { } key } && Building.Certificates.Mistake(cert.Content, key.Content) is { } mistake)
                findings.Error("DW2053", $"The certificate «{cert}» cannot be used: {mistake}.", "Put a certificate and its own key there, in PEM, without a passphrase.", certificate.Place);
    }

    private static void TrustedProxies(ConfigurationOptions options, Findings findings)
    {
        for (var i = 0; i < options.TrustedProxies.Count; i++)
            if (options.TrustedProxies[i].PrefixLength == 0)
                findings.Warn("DW2054", $"Everybody is a trusted proxy: {options.TrustedProxies[i]}.", "Name the networks of your own proxies only; anybody else could pretend to be any address.", options.At(nameof(options.TrustedProxies), i));
    }

    private static void Store(ConfigurationOptions options, Findings findings)
    {
        if (options.Store is { Node: not null } store && store.Sqlite is null == store.Postgres is null)
            findings.Error("DW2055", "The store is either SQLite or PostgreSQL.", "Write exactly one of «sqlite» and «postgres».", store.Place);
    }

    private static void RootKey(ConfigurationOptions options, Findings findings)
    {
        if (options.RootKey is not { } key) return;
        var bytes = new byte[key.Value.Length];
        if (!Convert.TryFromBase64String(key.Value, bytes, out var length) || length < 32)
            findings.Error("DW2056", "The root key is not 32 bytes or more in base64.", "Make one: openssl rand -base64 32 > root.key", options.At(nameof(options.RootKey)));
    }

    private static void Staleness(ConfigurationOptions options, Findings findings)
    {
        if (options.Staleness.Limit > options.Staleness.Max)
            findings.Error("DW2060", "«limit» is above «max».", "Lower it, or raise «max».", options.Staleness.At(nameof(options.Staleness.Limit)));
    }

    private static void Audit(ConfigurationOptions options, Findings findings)
    {
        if (options.Audit.Syslog is { Url: { } receiver } syslog)
        {
            if (receiver.Scheme != "tls") findings.Error("DW2080", "Records go to syslog over TLS only.", "Write, for example: url: \"tls://logs.example.com:6514\"", syslog.At(nameof(syslog.Url)));
            if (syslog.Cert is null != syslog.Key is null) findings.Error("DW2080", "A certificate for syslog needs its key, and a key its certificate.", "Write both «cert» and «key», or neither.", syslog.Place);
            if (syslog is { Cert: { } cert, Key: { } key } && Building.Certificates.Mistake(cert.Value, key.Value) is { } mistake)
                findings.Error("DW2080", $"The certificate for syslog cannot be used: {mistake}.", "Put a certificate and its own key there, in PEM, without a passphrase.", syslog.Place);
        }
        if (options.Audit.Otlp is { Url: { Scheme: not ("https" or "http") } } otlp)
            findings.Error("DW2080", "A collector is reached over http or https.", "Write, for example: url: https://otel.example.com/v1/logs", otlp.At(nameof(otlp.Url)));
        if (options.Audit.Checkpoints.S3 is { Bucket: { Scheme: not ("https" or "http") } } s3)
            findings.Error("DW2080", "A bucket is reached over http or https.", "Write, for example: bucket: https://s3.eu-central-1.amazonaws.com/my-audit", s3.At(nameof(s3.Bucket)));
    }

    private static void Session(ConfigurationOptions options, Findings findings)
    {
        if (options.Session.Idle > options.Session.Absolute)
            findings.Error("DW2057", "«idle» is longer than «absolute», so it would never end a session.", "Write a shorter «idle», or leave it out.", options.Session.At(nameof(options.Session.Idle)));
    }
}
