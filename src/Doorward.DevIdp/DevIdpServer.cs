using System.Net;
using Doorward.DevIdp.Pages;
using Doorward.DevIdp.People;
using Doorward.DevIdp.Protocol;
using Doorward.DevIdp.SignIn;
using Doorward.DevIdp.Telling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace Doorward.DevIdp;

/// <summary>
/// An OpenID provider for trying out and for tests, as a server of its own. Nobody calls it in process but to start it, to make it
/// misbehave and to change its people; everything else goes over HTTP as with any other provider.
/// </summary>
internal sealed partial class DevIdpServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DevIdpServer(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    /// <summary>Its address, with the port it got.</summary>
    public Uri Url { get; }

    /// <summary>As it stands in discovery and tokens, to the letter.</summary>
    public string Issuer => Url.AbsoluteUri;

    public Roster Roster => _app.Services.GetRequiredService<Roster>();

    /// <summary>Tells the listener of everybody, as when a directory is first connected.</summary>
    public Task TellAllAsync(CancellationToken cancellation = default) => _app.Services.GetRequiredService<Teller>().TellAllAsync(cancellation);

    public Misbehaviour Misbehaviour => _app.Services.GetRequiredService<Misbehaviour>();

    public static async Task<DevIdpServer> StartAsync(DevIdpOptions options, CancellationToken cancellation = default)
    {
        if (options.StateFolder is not null)
            Directory.CreateDirectory(options.StateFolder);
        // An empty builder: neither environment variables nor files of the current folder may change what runs.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Url.Port, listen =>
            {
                if (options.Url.Scheme == Uri.UriSchemeHttps)
                    listen.UseHttps(options.Certificate ?? throw new ArgumentException("An https address needs a certificate.", nameof(options)));
            });
        });
        // That the keys of practice sign-ins lie unencrypted on this machine alarms nobody who tries it out.
        options.Logging?.Invoke(builder.Logging.AddFilter("OpenIddict", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // Why it does not start, the exception tells whoever starts it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical));
        var keys = new SigningKeys(options);
        AddServices(builder.Services, options, keys);
        ProviderSetup.Add(builder.Services, options, keys);

        var app = builder.Build();
        Map(app);
        await app.StartAsync(cancellation);
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var url = new UriBuilder(options.Url) { Port = bound.Port }.Uri;
        app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.Issuer = url;
        LogStarted(app.Services.GetRequiredService<ILogger<DevIdpServer>>(), options.StartedBy, url);
        return new(app, url);
    }

    /// <summary>Signs with a new key from now on.</summary>
    /// <param name="keepOld">Whether the old ones stay published.</param>
    public void RotateKeys(bool keepOld = true)
    {
        var credentials = _app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.SigningCredentials;
        if (!keepOld)
            credentials.Clear();
        credentials.Insert(0, new(_app.Services.GetRequiredService<SigningKeys>().Rotate(keepOld), "RS256"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static void AddServices(IServiceCollection services, DevIdpOptions options, SigningKeys keys)
    {
        if (options.Listener is { } listener)
        {
            services.AddSingleton(listener).AddSingleton<DirectorySender>().AddSingleton<SignalSender>().AddSingleton<Teller>()
                .AddSingleton<Func<IEnumerable<Person>>>(provider => () => provider.GetRequiredService<Roster>().All);
        }
        services
            .AddSingleton(options)
            .AddSingleton(options.Time)
            .AddSingleton(keys)
            .AddSingleton<Misbehaviour>()
            .AddSingleton<MisbehaviourHandler>()
            .AddSingleton<Func<PersonChange, CancellationToken, Task>>(provider => (change, cancellation) => provider.GetService<Teller>()?.TellAsync(change, cancellation) ?? Task.CompletedTask)
            .AddSingleton<Roster>()
            .AddSingleton<Grants>()
            .AddSingleton<BrowserSessions>()
            .AddSingleton<ClientChecks>()
            .AddSingleton<UserInfoEndpoint>()
            .AddSingleton<AuthorizeEndpoint>()
            .AddSingleton<TokenEndpoint>()
            .AddSingleton<EndSessionEndpoint>()
            .AddSingleton<PeopleEndpoints>()
            .AddRouting()
            .AddAuthentication()
        .Services.AddRazorComponents();
    }

    private static void Map(WebApplication app)
    {
        var misbehaviour = app.Services.GetRequiredService<Misbehaviour>();
        app.Use(Page.Protect);
        app.Use(async (http, next) =>
        {
            if (misbehaviour.Instead is not { } instead || !await instead(http))
                await next(http);
        });
        app.UseRouting();
        app.UseAuthentication();
        string[] getAndPost = [HttpMethods.Get, HttpMethods.Post];
        app.MapMethods(ProviderSetup.AuthorizePath, getAndPost, (Delegate)app.Services.GetRequiredService<AuthorizeEndpoint>().HandleAsync);
        app.MapPost(ProviderSetup.TokenPath, (Delegate)app.Services.GetRequiredService<TokenEndpoint>().HandleAsync);
        app.MapMethods(ProviderSetup.EndSessionPath, getAndPost, (Delegate)app.Services.GetRequiredService<EndSessionEndpoint>().HandleAsync);
        Page.MapAssets(app);
        app.MapGet("/", () => Results.LocalRedirect("/people"));
        app.Services.GetRequiredService<PeopleEndpoints>().Map(app);
        app.Services.GetService<SignalSender>()?.Map(app);
    }

    [LoggerMessage(LogLevel.Warning, "A practice identity provider runs at {Url}, started by «{StartedBy}»: everybody's password stands on its pages. For trying out only.")]
    private static partial void LogStarted(ILogger logger, string startedBy, Uri url);
}
