using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Doorward.DevIdp.Pages;

/// <summary>How a page is answered: as HTML made on the server, without scripts.</summary>
internal static class Page
{
    public static string StylePath { get; } = PathOf("style", "css");

    public static string MarkPath { get; } = PathOf("mark", "svg");

    public static IResult Of<TPage>(int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RazorComponentResult<TPage> { StatusCode = status };

    public static IResult Of<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RazorComponentResult<TPage>(new Dictionary<string, object?> { ["Model"] = model }) { StatusCode = status };

    public static void MapAssets(IEndpointRouteBuilder routes)
    {
        routes.MapGet(StylePath, http => AssetAsync(http, "style", "css", "text/css; charset=utf-8"));
        routes.MapGet(MarkPath, http => AssetAsync(http, "mark", "svg", "image/svg+xml"));
    }

    /// <summary>On every answer. There is no form-action: browsers apply it to the redirects after a form too, and those lead to clients.</summary>
    public static Task Protect(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return next(http);
    }

    private static Task AssetAsync(HttpContext http, string name, string extension, string contentType)
    {
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.ContentType = contentType;
        return http.Response.Body.WriteAsync(Read(name, extension), http.RequestAborted).AsTask();
    }

    private static string PathOf(string name, string extension) =>
        $"/assets/{name}.{Convert.ToHexStringLower(SHA256.HashData(Read(name, extension)))[..16]}.{extension}";

    private static byte[] Read(string name, string extension)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream($"pages.{name}.{extension}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
