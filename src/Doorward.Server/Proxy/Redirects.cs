using System.Globalization;
using Doorward.Server.Proxy.Targets;
using Doorward.Server.Proxy.Upstreams;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy;

/// <summary>Answers that need no upstream: redirects and fixed texts. A Location is always absolute, so that a path cannot name a host.</summary>
internal static class Redirects
{
    public static Task AnswerAsync(HttpContext context, Route route, RequestHead head, ClientOrigin origin)
    {
        if (route.Action is RedirectAction { Settings: var settings })
        {
            context.Response.StatusCode = settings.Status;
            context.Response.Headers.Location = LocationOf(route, settings, head, origin);
            return Task.CompletedTask;
        }

        if (route.Action is not ResponseAction fixedAnswer)
            throw new InvalidOperationException($"The route {route.Name} forwards.");
        context.Response.StatusCode = fixedAnswer.Status;
        if (fixedAnswer.Body.Length == 0)
            return Task.CompletedTask;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(fixedAnswer.Body);
        return context.Response.WriteAsync(fixedAnswer.Body);
    }

    /// <summary>For the HTTP listener: the same place over TLS. 308, so that a POST stays one.</summary>
    /// <param name="port">Where https is, as the world sees it.</param>
    public static Task ToHttpsAsync(HttpContext context, RequestHead head, int port)
    {
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = string.Concat("https://", new RequestHost(head.Host.Name, port).TextFor(https: true), head.Target.Text);
        return Task.CompletedTask;
    }

    private static string LocationOf(Route route, RedirectSettings settings, RequestHead head, ClientOrigin origin)
    {
        var scheme = settings.Scheme ?? (settings.Https || origin.IsHttps ? "https" : "http");
        var name = settings.Host ?? head.Host.Name;
        // Another scheme or host has its own port; the same keeps the one that was asked for.
        var moved = settings.Host is not null || scheme != (origin.IsHttps ? "https" : "http");
        var port = settings.Port ?? (moved ? scheme == "https" ? 443 : 80 : head.Host.Port);
        var path = settings.Path
            ?? (settings.Prefix is { } prefix ? TargetRewrite.ReplacePrefix(head.Target.Path, route.Match.Prefix ?? "", prefix) : head.Target.PathText);
        var host = port == (scheme == "https" ? 443 : 80) ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
        return string.Concat($"{scheme}://{host}", path, settings.StripQuery ? "" : head.Target.Query);
    }
}
