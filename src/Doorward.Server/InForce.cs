using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store.Feed;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>
/// What is made of the configuration and serves right now. On a reload everything is prepared before the first request can see it;
/// then it is replaced whole, and the generation is raised.
/// </summary>
internal sealed partial class InForce(
    Certificates certificates, Forwarding forwarding, OutboundConnect connect, Generation generation, TimeProvider time, ILogger<InForce> log) : IDisposable
{
    private volatile Serving? _serving;
    private volatile ProviderSet? _providers;
    private volatile IReadOnlyList<Transmitter> _transmitters = [];
    private Uri? _url;

    public Serving Serving => _serving ?? throw new InvalidOperationException("The server has not started.");

    public ProviderSet Providers => _providers ?? throw new InvalidOperationException("The server has not started.");

    /// <summary>Who may send signals.</summary>
    public IReadOnlyList<Transmitter> Transmitters => _transmitters;

    /// <summary>Takes a configuration up.</summary>
    /// <param name="next">The configuration.</param>
    /// <param name="previous">The one before; null at start.</param>
    public async Task UseAsync(Configuration next, Configuration? previous)
    {
        var problems = new List<Problem>();
        certificates.Use(next.Settings.Certificates, next.Settings.DownstreamMtls, problems);
        await forwarding.UseAsync(next.Routes);
        if (previous is null || !previous.IdentityProviders.SequenceEqual(next.IdentityProviders)) _providers = ProvidersOf(next);
        _serving = new Serving(next, _url ??= next.Settings.Url!);
        if (previous is null || !Routes.Building.SignalChecks.SayTheSame(previous.Settings.Signals, next.Settings.Signals))
            _transmitters = [.. next.Settings.Signals.Select(one => new Transmitter(one, _url, IsLocal(next), connect, time))];
        generation.Raise();
        foreach (var problem in problems) LogProblem(log, problem.ToString());
    }

    // The former set is left to the collector: sign-ins that began with it may still end with it.
    private ProviderSet ProvidersOf(Configuration configuration)
    {
        return new ProviderSet([.. configuration.IdentityProviders.Select(SettingsOf)], IsLocal(configuration), connect, time);
    }

    private static bool IsLocal(Configuration configuration) =>
        configuration.Settings.Url is { } own && (own.Scheme == Uri.UriSchemeHttp || own.IsLoopback || own.Host.EndsWith(".localhost", StringComparison.Ordinal));

    private static ProviderSettings SettingsOf(IdentityProviderOptions options) => new()
    {
        Name = options.Name,
        Preset = options.Preset.ToString().ToLowerInvariant(),
        Title = options.Title,
        Url = options.Issuer?.OriginalString,
        ClientId = options.ClientId,
        ClientSecret = options.ClientSecret?.Value,
        PrivateKeyPem = options.PrivateKey?.Value,
        PrivateKeyId = options.PrivateKeyId,
        TeamId = options.TeamId,
        Tenants = options.Tenants,
        Scopes = options.Scopes.Count == 0 ? null : options.Scopes,
        AuthorizationParameters = options.RequestParams,
        Acr = options.AcrValues,
        GroupsClaim = options.GroupsClaim,
        DeviceClaim = options.DeviceClaim,
        AuthoritativeDomains = options.Domains,
        SignInDomains = [.. options.Domains, .. options.DomainHints],
        CaPem = options.Ca?.Value,
    };

    public void Dispose() => _providers?.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogProblem(ILogger log, string problem);
}
