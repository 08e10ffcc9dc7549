using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Access;

/// <summary>Who reads the answer.</summary>
internal enum Audience
{
    /// <summary>A program: JSON.</summary>
    Program,

    /// <summary>A person at a browser that goes to a page: HTML, redirects.</summary>
    Person,

    /// <summary>A gRPC client: a status in trailers.</summary>
    Grpc,
}

internal static class Audiences
{
    /// <summary>Tells from the request who will read the answer.</summary>
    public static Audience Of(HttpRequest request)
    {
        if (request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)) return Audience.Grpc;
        // A page's own fetch() may accept HTML too; a redirect to another origin would only break it (Fetch metadata, W3C).
        if (request.Headers["Sec-Fetch-Mode"] is [{ } mode, ..] && mode != "navigate") return Audience.Program;
        if (request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(request.Method)) return Audience.Program;
        return AcceptsHtml(request) ? Audience.Person : Audience.Program;
    }

    private static bool AcceptsHtml(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)) return false;
        foreach (var range in accepted)
            if (range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && range.Quality is not 0) return true;
        return false;
    }
}
