using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Console.Administration;

/// <summary>The administration's description for programs (OpenAPI 3.1), a file beside this one; a test holds it to what is mapped.</summary>
internal static class OpenApiDocument
{
    public const string Path = "/openapi.json";

    public static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await using var document = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
