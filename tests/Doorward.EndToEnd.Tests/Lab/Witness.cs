using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>What reached the upstream, and as whose.</summary>
internal sealed record Reached(string Path, string? Person, string? Session);

/// <summary>An upstream that remembers who reached it. <c>/events</c> never ends; everything else says whose the request is.</summary>
internal sealed class Witness : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Reached> _reached = [];

    private Witness(WebApplication app) => _app = app;

    public IReadOnlyCollection<Reached> Reached => _reached;

    public string Url => _app.Urls.First();

    public static async Task<Witness> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var witness = new Witness(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(witness.AnswerAsync);
        await app.StartAsync();
        return witness;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var reached = Read(context.Request);
        _reached.Enqueue(reached);
        if (context.Request.Path != "/events")
        {
            await context.Response.WriteAsync(reached.Person ?? "a stranger");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        try
        {
            for (; !context.RequestAborted.IsCancellationRequested; await Task.Delay(Pause, context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture)}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
        }
    }

    private static Reached Read(HttpRequest request)
    {
        if (request.Headers["X-Doorward-Assertion"].FirstOrDefault() is not { } assertion) return new(request.Path, null, null);
        var claims = JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(assertion.Split('.')[1])));
        return new(request.Path, claims.GetProperty("sub").GetString(), claims.GetProperty("sid").GetString());
    }
}
