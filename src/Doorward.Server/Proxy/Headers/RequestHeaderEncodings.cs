using System.Text;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Proxy.Headers;

/// <summary>For KestrelServerOptions.RequestHeaderEncodingSelector: the one place where Kestrel lets us see a header before it has read it.</summary>
internal static class RequestHeaderEncodings
{
    private static readonly StrictContentLength ContentLength = new();
    private static readonly WholeConnection Connection = new();

    public static Encoding? Select(string header)
    {
        if (header == HeaderNames.ContentLength)
            return ContentLength;
        return header == HeaderNames.Connection ? Connection : null;
    }
}
