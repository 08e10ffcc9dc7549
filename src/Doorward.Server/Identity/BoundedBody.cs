using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity;

/// <summary>Reads what is posted to us, up to a size. Nothing is unpacked: a small packed body can be a huge one.</summary>
internal static class BoundedBody
{
    /// <summary>Null for one that is packed, or too long.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContext context, int longest)
    {
        var request = context.Request;
        if (request.Headers.ContentEncoding.Count > 0 || request.ContentLength > longest) return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (body.Length + read > longest) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
