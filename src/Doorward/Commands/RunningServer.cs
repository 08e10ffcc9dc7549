using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Console.Administration;

namespace Doorward.Commands;

/// <summary>A server that runs, as commands reach it: over its Unix socket, or by its URL with the secret of a service account.</summary>
internal sealed class RunningServer : IDisposable
{
    /// <summary>Bounds what an answer can cost; a hundred thousand routes take about 50 MB.</summary>
    private const int MaxAnswer = 256 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _name;
    private readonly HttpClient _client;
    private readonly ICollection<Problem> _problems;

    private RunningServer(string name, HttpClient client, ICollection<Problem> problems) => (_name, _client, _problems) = (name, client, problems);

    /// <summary>A way to the server; whether anybody answers there, the first call tells.</summary>
    /// <param name="where">The server's URL, or the path of its Unix socket.</param>
    /// <param name="tokenFile">A file with a service account's secret; not needed for the socket.</param>
    /// <param name="problems">Gains why there is no way, or later no answer.</param>
    public static RunningServer? Open(string where, string? tokenFile, ICollection<Problem> problems)
    {
        var url = where.Contains("://", StringComparison.Ordinal) ? where : null;
        if (url is not null && tokenFile is null)
            return Tell(problems, "A server that is named by its URL wants a token.", "Write --token-file, or name the server's Unix socket.");
        try
        {
            // Redirects are not followed: the token would go with them.
            var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
            if (url is null) handler.ConnectCallback = (_, cancel) => ConnectAsync(where, cancel);
            var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = MaxAnswer };
            client.BaseAddress = new Uri((url ?? "http://localhost").TrimEnd('/') + AdministrationApi.Path + "/");
            if (tokenFile is not null && url is not null)
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(tokenFile).Trim());
            return new(where, client, problems);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or UriFormatException or FormatException)
        {
            return Unreachable(where, failure, problems);
        }
    }

    /// <summary>Asks; null where there is no answer that can be used, which the problems then tell.</summary>
    /// <param name="method">What to do.</param>
    /// <param name="path">Below the administration's path.</param>
    /// <param name="body">What is sent as JSON; null for nothing.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<T?> AskAsync<T>(HttpMethod method, string path, object? body, Func<HttpContent, CancellationToken, Task<T?>> read, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path.TrimStart('/'));
            if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: Json);
            using var answer = await _client.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode ? await read(answer.Content, cancellation) : await RefusedAsync<T>(answer, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or UnauthorizedAccessException or TaskCanceledException or JsonException or NotSupportedException)
        {
            Unreachable(_name, failure, _problems);
            return null;
        }
    }

    public Task<T?> AskAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
        where T : class => AskAsync(method, path, body, (content, cancel) => content.ReadFromJsonAsync<T>(Json, cancel), cancellation);

    /// <summary>Asks for what may be long, and hands it on as it comes; false where there is no answer, which the problems then tell.</summary>
    public async Task<bool> StreamAsync(HttpMethod method, string path, Func<Stream, Task> take, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path.TrimStart('/'));
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode) return await RefusedAsync<object>(answer, cancellation) is not null;
            await take(await answer.Content.ReadAsStreamAsync(cancellation));
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or UnauthorizedAccessException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            Unreachable(_name, failure, _problems);
            return false;
        }
    }

    public void Dispose() => _client.Dispose();

    // What the administration itself answers says in words what was wrong, RFC 9457.
    private async Task<T?> RefusedAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
        where T : class
    {
        var said = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? (await answer.Content.ReadFromJsonAsync<Refusal>(Json, cancellation))?.Detail
            : null;
        var path = answer.RequestMessage!.RequestUri!.AbsolutePath[AdministrationApi.Path.Length..];
        Tell(_problems, said ?? $"«{_name}» answers {(int)answer.StatusCode}.", answer.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.Conflict when said is not null => "Mend it, and try again.",
            HttpStatusCode.NotFound when said is not null => HasList(path) ? "Its command `list` tells those that there are." : "`doorward audit query` tells those that there are.",
            HttpStatusCode.ServiceUnavailable => "Try again when the server is well; its /readyz tells.",
            _ => "Name a Doorward server, and a token that is valid and has the role admin.",
        });
        return null;
    }

    // Requests and policies of which something was recorded are no objects to list.
    private static bool HasList(string path) => !path.StartsWith(ExplanationsApi.Path, StringComparison.Ordinal) && !path.StartsWith(AuditApi.Path, StringComparison.Ordinal);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static RunningServer? Unreachable(string where, Exception failure, ICollection<Problem> problems) =>
        Tell(problems, $"«{where}» cannot be asked: {failure.Message.TrimEnd('.')}.", "Check that the server runs, and that this user may reach it.");

    private static RunningServer? Tell(ICollection<Problem> problems, string message, string cure)
    {
        problems.Add(new("DW7003", Severity.Error, message, cure, new("command line", 0, 0)));
        return null;
    }

    private sealed record Refusal(string? Detail);
}
