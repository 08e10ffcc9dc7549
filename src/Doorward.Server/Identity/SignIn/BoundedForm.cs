using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Reads the small forms that are posted to us: URL-encoded UTF-8 and nothing else, so that no other parser is reached from outside.</summary>
internal static class BoundedForm
{
    // Bytes: a code, a state, an issuer and a name.
    private const int Longest = 16 * 1024;

    /// <summary>Null for what is no such form, or too long.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context, int longest = Longest)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            || request.Headers.ContentEncoding.Count > 0
            || request.ContentLength > longest) return null;
        try
        {
            var reader = new FormPipeReader(request.BodyReader) { KeyLengthLimit = 64, ValueLengthLimit = longest, ValueCountLimit = 16 };
            return new FormCollection(await reader.ReadFormAsync(context.RequestAborted));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
