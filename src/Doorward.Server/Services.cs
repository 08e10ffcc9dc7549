using Doorward.Server.Access;
using Doorward.Server.Access.Locks;
using Doorward.Server.Audit;
using Doorward.Server.Console;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Devices.Posture;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Scim;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Agreement;
using Doorward.Server.Routes.Comparison;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store.Keys;
using Doorward.Server.Store.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>Puts the rooms' things together, room by room, in their order.</summary>
internal static class Services
{
    public static void AddRooms(this IServiceCollection services, Configuration configuration, AuditTrail trail, ServerStart start)
    {
        var settings = configuration.Settings;
        services.AddAudit(settings, trail, start);
        services.AddIdentity(settings, start);
        services.AddSingleton<LockStore>().AddSingleton<LockTable>().AddSingleton<LiveConnections>().AddSingleton<Judge>();
        services.AddSingleton<Review>().AddHostedService(provider => provider.GetRequiredService<Review>());
        services.AddSingleton<Certificates>().AddForwarding();
        services.AddSingleton<AuditApi>().AddSingleton<FormerPolicies>().AddSingleton<ExplanationsApi>().AddSingleton<Acts>().AddSingleton<ServiceAccountsApi>().AddSingleton<ConfigurationApi>().AddSingleton<SessionsApi>().AddSingleton<PeopleApi>().AddSingleton<DevicesApi>().AddSingleton<LocksApi>().AddSingleton<SignalsApi>().AddSingleton<ExplainApi>().AddSingleton<AdministrationApi>();
        services.AddSingleton<DirectoryStore>().AddSingleton<PersonSearch>().AddSingleton<ScimUsers>().AddSingleton<ScimStore>().AddSingleton<ScimEndpoints>().AddSingleton<ScimClients>(provider => () => provider.GetRequiredService<InForce>().Serving.Configuration.Settings.Scim).AddSingleton<Administrators>().AddSingleton<MayAdminister>(provider => provider.GetRequiredService<Administrators>().May);
        services.AddSignals(provider => provider.GetRequiredService<InForce>().Transmitters).AddSingleton<SignalWatch>().AddHostedService(provider => provider.GetRequiredService<SignalWatch>());
        services.AddSingleton(provider => new PageWriter(provider.GetRequiredService<ILoggerFactory>(), start.Banner));
        services.AddSingleton<SignInTexts>().AddSingleton(provider => provider.GetRequiredService<SignInTexts>().Pages);
        services.AddSingleton(provider => new Answer(provider.GetRequiredService<PageWriter>().RefusalAsync));
        services.AddSingleton<Metrics>().AddSingleton<RequestId>().AddSingleton<Recorder>().AddSingleton<Refusing>().AddSingleton<FirstPage>().AddSingleton<SessionsPage>().AddSingleton<OwnPages>().AddSingleton<RequestPipeline>();
        services.AddSingleton<InForce>();
        services.AddSingleton<Func<Serving>>(provider => () => provider.GetRequiredService<InForce>().Serving);
        services.AddSingleton<Func<ProviderSet>>(provider => () => provider.GetRequiredService<InForce>().Providers);
        services.AddSingleton<SignInUrl>(provider => provider.GetRequiredService<AskToSignIn>().UrlFor).AddSingleton<AskToSignIn>();
        services.AddSingleton<NodeAgreement>().AddHostedService<NodeAgreementService>();
        services.AddHealth();
        services.AddRouting();
        services.AddTelemetry(settings.Telemetry, trail.Node);
    }

    private static void AddIdentity(this IServiceCollection services, ConfigurationOptions settings, ServerStart start)
    {
        services.AddSingleton(start.Connect ?? Outbound.Connect);
        services.AddSingleton(new SessionLimits(settings.Session.Absolute, settings.Session.Idle == TimeSpan.Zero ? null : settings.Session.Idle));
        services.AddSingleton(provider => new KeyedToken(TagKeys(provider.GetRequiredService<KeyRing>())));
        services.AddSingleton(new TableOptions());
        services.AddSingleton<KeptTokens>().AddSingleton<SessionStore>().AddSingleton<Cookies>().AddSingleton<HandOver>().AddSingleton<SessionTable>().AddSingleton<DeviceStore>().AddSingleton<PostureEndpoint>().AddSingleton<PostureSources>(provider => () => provider.GetRequiredService<InForce>().Serving.Configuration.Settings.Posture).AddSingleton<DeviceTable>().AddSingleton<LateEnds>().AddSingleton<ProviderTokenTable>();
        services.AddSingleton<SessionActivity>().AddHostedService<SessionService>();
        services.AddSingleton<ServiceAccountSecret>().AddSingleton<ServiceAccountStore>().AddSingleton<ServiceAccountTable>().AddSingleton<Callers>();
        services.AddSingleton<IsKnownHost>(provider => (host, _) => provider.GetRequiredService<InForce>().Serving.Configuration.Table.Knows(host));
        services.AddSignIn(settings.Url!, settings.Compatibility == Compatibility.Pomerium).AddHostedService<SessionRefreshService>();
    }

    private static Func<IReadOnlyList<byte[]>> TagKeys(KeyRing ring)
    {
        IReadOnlyList<Key>? seen = null;
        IReadOnlyList<byte[]> derived = [];
        return () =>
        {
            var keys = ring.All(KeyPurpose.Tag);
            // The ring replaces its list whole: the same list has the same keys.
            if (!ReferenceEquals(keys, seen)) (derived, seen) = ([.. keys.Reverse().Select(key => ((SymmetricKey)key).For("token"))], keys);
            return derived;
        };
    }
}
