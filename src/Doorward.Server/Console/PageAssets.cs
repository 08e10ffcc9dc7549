using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Console;

/// <summary>What pages load besides themselves. Each path holds its content's hash, so that browsers keep it for good.</summary>
internal static class PageAssets
{
    private static readonly Asset Style = Asset.Read("style", "css", "text/css; charset=utf-8");
    private static readonly Asset Mark = Asset.Read("mark", "svg", "image/svg+xml");
    private static readonly FrozenDictionary<string, Asset> ByPath = new[] { Style, Mark }.ToFrozenDictionary(a => a.Path);

    /// <summary>Every path under it is answered by <see cref="WriteAsync"/>, on every host.</summary>
    public static string Root => Asset.Root;

    public static string StylePath => Style.Path;

    public static string MarkPath => Mark.Path;

    public static Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        if (!ByPath.TryGetValue(http.Request.Path.Value ?? "", out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Content.Length;
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(asset.Content, http.RequestAborted).AsTask();
    }

    private sealed record Asset(string Path, string ContentType, byte[] Content)
    {
        public const string Root = Product.ReservedPath + "/assets/";

        public static Asset Read(string name, string extension, string contentType)
        {
            using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"console.{name}.{extension}")!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new($"{Root}{name}.{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}.{extension}", contentType, content);
        }
    }
}
