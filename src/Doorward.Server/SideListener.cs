using Doorward.Server.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Doorward.Server;

/// <summary>
/// A small server of its own beside the main one, for those who are no visitors: health, metrics, administration. What it serves can
/// so never be reached through the public listeners, whatever their routes say.
/// </summary>
internal sealed class SideListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SideListener(WebApplication app) => _app = app;

    public static async Task<SideListener> StartAsync(Action<KestrelServerOptions> listen, RequestDelegate answer, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.CreateBoundListenSocket = ListeningSocket.Create).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            listen(kestrel);
        });
        var app = builder.Build();
        app.Run(answer);
        try
        {
            await app.StartAsync(cancellation);
            return new(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
