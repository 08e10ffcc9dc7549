using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Identity.Providers;

/// <summary>The providers that people can sign in with, in the operator's order. Replaced whole on reload.</summary>
internal sealed class ProviderSet : IDisposable
{
    private readonly IReadOnlyList<IIdentityProvider> _providers;

    /// <param name="settings">Settings that were checked with the configuration.</param>
    /// <param name="allowLocalHttp">Providers on this machine may be asked without TLS; only for trying out.</param>
    /// <param name="connect">How to reach them.</param>
    /// <param name="time">The clock.</param>
    public ProviderSet(IReadOnlyList<ProviderSettings> settings, bool allowLocalHttp, OutboundConnect connect, TimeProvider time) =>
        _providers = [.. settings.Select(s => Make(s, allowLocalHttp, connect, time))];

    public int Count => _providers.Count;

    public IEnumerable<IIdentityProvider> All => _providers;

    public IIdentityProvider? Find(string? name) => _providers.FirstOrDefault(p => p.Settings.Name == name);

    /// <summary>The provider whose people have addresses like this one.</summary>
    public IIdentityProvider? ForEmail(string email) =>
        EmailAddress.Domain(email) is { } domain
            ? _providers.FirstOrDefault(p => p.Settings.SignInDomains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            : null;

    public void Dispose()
    {
        foreach (var provider in _providers) provider.Dispose();
    }

    private static IIdentityProvider Make(ProviderSettings settings, bool allowLocalHttp, OutboundConnect connect, TimeProvider time)
    {
        var preset = Preset.All[settings.Preset];
        X509Certificate2Collection? authorities = null;
        if (settings.CaPem is { } pem) (authorities = []).ImportFromPem(pem);
        var http = new BoundedHttp(connect, authorities, settings.Concurrency, time);
        return preset.Name == Presets.GitHub.PresetName
            ? new GitHubProvider(settings, preset, http, time)
            : new OpenIdProvider(settings, preset, allowLocalHttp, http, time);
    }
}
