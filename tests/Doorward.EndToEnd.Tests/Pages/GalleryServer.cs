using System.Net;
using Doorward.Server.Console;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorward.EndToEnd.Tests.Pages;

/// <summary>Serves the <see cref="Gallery"/> at a real socket.</summary>
public sealed class GalleryServer : IAsyncLifetime
{
    private readonly WebApplication _app;

    public GalleryServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        var writer = new PageWriter(NullLoggerFactory.Instance);
        var practice = new PageWriter(NullLoggerFactory.Instance, PageWriter.BannerFor(new("http://door.localhost")));
        _app.Run(http => http.Request.Path.Value switch
        {
            { } path when path.StartsWith(PageAssets.Root, StringComparison.Ordinal) => PageAssets.WriteAsync(http),
            { } path when Gallery.Pages.TryGetValue(path[1..], out var page) => page(http.Request.Query.ContainsKey("practice") ? practice : writer, http),
            _ => writer.ErrorAsync(http, 404, "none"),
        });
    }

    public Uri Url { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        Url = new(_app.Urls.First());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
