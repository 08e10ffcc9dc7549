using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Doorward.Revocation.Site;
using Doorward.Server.Proxy.Streams;

namespace Doorward.Revocation.Streams;

/// <summary>Streams that are the body of a response.</summary>
internal static class Bodies
{
    private const int MostAgain = 20;

    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(200);

    /// <summary>Over HTTP/1.1 it is broken off, over HTTP/2 its stream is reset: nothing else can be said in it.</summary>
    public static Task<Task<End>> DownloadAsync(Node node, Person person, Version version) => OpenAsync(
        node, person, HttpMethod.Get, Service.Download, version, (_, _, fault) => fault switch
        {
            null => ("a clean end", false),
            HttpProtocolException { ErrorCode: var code } => ($"RST_STREAM {code}", code == 8), // CANCEL (RFC 9113, 7)
            _ => ("broken off", version.Major == 1),
        });

    public static Task<Task<End>> EventsAsync(Node node, Person person) => EventsAsync(node, person, Service.Events);

    public static Task<Task<End>> EventsAsync(Node node, Person person, string path) => OpenAsync(
        node, person, HttpMethod.Get, path, HttpVersion.Version20, (_, last, fault) =>
            last.Contains($"event: {LastWord.Event}\n", StringComparison.Ordinal) && fault is null ? ($"event {LastWord.Event}", true) : (fault?.Message ?? "no last event", false));

    public static Task<Task<End>> CallAsync(Node node, Person person) => OpenAsync(
        node, person, HttpMethod.Post, Service.Calls, HttpVersion.Version20, (answer, _, fault) =>
            fault is null && answer.TrailingHeaders.TryGetValues("grpc-status", out var status) ? ($"status {status.Single()}", status.Single() is "16" or "7") : (fault?.Message ?? "no status", false));

    /// <summary>Asks; whoever is not let in is told so without a page.</summary>
    public static HttpRequestMessage Request(HttpMethod method, string path, Version version, string cookie) => new(method, Place.Page(path))
    {
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { { "Cookie", cookie }, { "Accept", "application/json" } },
    };

    private static async Task<Task<End>> OpenAsync(
        Node node, Person person, HttpMethod method, string path, Version version, Func<HttpResponseMessage, string, Exception?, (string Told, bool IsRight)> read)
    {
        var answer = await AskAsync(node, person, method, path, version);
        // A node that is asked for very many people whom it does not know yet says when to come again.
        for (var again = 0; answer.StatusCode == HttpStatusCode.ServiceUnavailable && again < MostAgain; again++)
        {
            answer.Dispose();
            node.ComeAgain();
            await Task.Delay(_again);
            answer = await AskAsync(node, person, method, path, version);
        }
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]);
        return WatchAsync(answer, body, read);
    }

    private static async Task<HttpResponseMessage> AskAsync(Node node, Person person, HttpMethod method, string path, Version version)
    {
        using var request = Request(method, path, version, person.Cookie);
        if (path == Service.Calls)
        {
            request.Headers.TE.Add(new("trailers"));
            request.Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        }
        return await node.Browser.SendAsync(request, CancellationToken.None);
    }

    private static async Task<End> WatchAsync(HttpResponseMessage answer, Stream body, Func<HttpResponseMessage, string, Exception?, (string Told, bool IsRight)> read)
    {
        using var held = answer;
        var buffer = new byte[2048];
        var last = "";
        Exception? fault = null;
        try
        {
            for (int length; (length = await body.ReadAsync(buffer)) > 0;) last = Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            fault = e.InnerException as HttpProtocolException ?? e;
        }
        var end = End.Now("", false);
        var (told, right) = read(answer, last, fault);
        return end with { Told = told, IsRight = right };
    }
}
