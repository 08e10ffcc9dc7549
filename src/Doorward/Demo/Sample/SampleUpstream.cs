using System.Globalization;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Doorward.Demo.Sample;

/// <summary>An app such as stands behind Doorward: it shows who it thinks you are, and keeps two streams open.</summary>
internal sealed class SampleUpstream : IAsyncDisposable
{
    private static readonly string[] Shown = ["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", AssertionCheck.Header];

    private readonly WebApplication _app;
    private readonly AssertionCheck _check;

    private SampleUpstream(WebApplication app, AssertionCheck check)
    {
        _app = app;
        _check = check;
    }

    public Uri Url => new(_app.Urls.First());

    public static async Task<SampleUpstream> StartAsync(int port, AssertionCheck check, TimeProvider time, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRouting();
        var app = builder.Build();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.UseWebSockets();
        app.UseRouting();
        foreach (var (path, file, type) in new[]
        {
            ("/", "index.html", "text/html"), ("/clock", "clock.html", "text/html"), ("/app.css", "app.css", "text/css"), ("/app.svg", "app.svg", "image/svg+xml"),
            ("/plain.js", "plain.js", "text/javascript"), ("/who.js", "who.js", "text/javascript"), ("/clock.js", "clock.js", "text/javascript"),
        })
            app.MapGet(path, http => FileAsync(http, file, type));
        app.MapGet("/who", (Delegate)(async (HttpContext http) => Results.Json(new
        {
            Visitor = await check.CheckAsync(http.Request.Headers[AssertionCheck.Header], http.RequestAborted),
            Headers = Shown.ToDictionary(name => name, name => Shorten(http.Request.Headers[name])),
        })));
        app.MapGet("/clock/events", http => Clocks.EventsAsync(http, time, stopping));
        app.MapGet("/clock/socket", http => Clocks.SocketAsync(http, time, stopping));
        await app.StartAsync(cancellation);
        return new(app, check);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _check.Dispose();
    }

    private static async Task FileAsync(HttpContext http, string name, string type)
    {
        http.Response.ContentType = type + "; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("sample." + name)!;
        await stream.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    // The beginning tells enough, and a whole assertion is as good as a key for five minutes.
    private static string Shorten(string? value) =>
        value is { Length: > 60 } ? string.Create(CultureInfo.InvariantCulture, $"{value[..24]}… ({value.Length} characters)") : value ?? "";
}
