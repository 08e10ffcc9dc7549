using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Doorward.Server.Tests.Composed;

/// <summary>An OpenTelemetry collector: keeps what is sent to it, by path.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Authorization, byte[] Body)> _taken = new();

    private Collector(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            collector._taken.Enqueue((context.Request.Path, context.Request.Headers.Authorization.ToString(), body.ToArray()));
        });
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Everything that came there, as Latin-1: the texts in a protobuf message stand in it as they are.</summary>
    public string Text(string path) => string.Concat(_taken.Where(one => one.Path == path).Select(one => Encoding.Latin1.GetString(one.Body)));

    public IEnumerable<string> Authorizations => _taken.Select(one => one.Authorization).Distinct();

    public bool Has(string path, byte[] bytes) => _taken.Any(one => one.Path == path && one.Body.AsSpan().IndexOf(bytes) >= 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
