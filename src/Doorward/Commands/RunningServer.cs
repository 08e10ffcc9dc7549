using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Console.Administration;
using Doorward.Server.Routes.Comparison;

namespace Doorward.Commands;

/// <summary>Asks a running server what is in force there.</summary>
internal static class RunningServer
{
    /// <summary>Bounds what an answer can cost; a hundred thousand routes take about 50 MB.</summary>
    private const int MaxAnswer = 256 * 1024 * 1024;

    /// <summary>Asks.</summary>
    /// <param name="where">The server's URL, or the path of its Unix socket.</param>
    /// <param name="tokenFile">A file with a service account's secret; not needed for the socket.</param>
    /// <param name="problems">Gains why there is no answer.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<ConfigurationSummary?> AskAsync(string where, string? tokenFile, ICollection<Problem> problems, CancellationToken cancellation)
    {
        var url = where.Contains("://", StringComparison.Ordinal) ? where : null;
        if (url is not null && tokenFile is null)
            return Tell(problems, "A server that is named by its URL wants a token.", "Write --token-file, or name the server's Unix socket.");
        try
        {
            // Redirects are not followed: the token would go with them.
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
            if (url is null) handler.ConnectCallback = (_, cancel) => ConnectAsync(where, cancel);
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = MaxAnswer };
            if (tokenFile is not null && url is not null)
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(tokenFile, cancellation)).Trim());
            using var answer = await client.GetAsync(new Uri((url ?? "http://localhost").TrimEnd('/') + AdministrationApi.Path + ConfigurationApi.Path), cancellation);
            if (!answer.IsSuccessStatusCode)
                return Tell(problems, $"«{where}» answers {(int)answer.StatusCode}.", "Name a Doorward server, and a token that is valid and has the role admin.");
            return await answer.Content.ReadFromJsonAsync(SummaryJson.Default.ConfigurationSummary, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or UnauthorizedAccessException or UriFormatException or TaskCanceledException or JsonException or NotSupportedException or FormatException)
        {
            return Tell(problems, $"«{where}» cannot be asked: {failure.Message.TrimEnd('.')}.", "Check that the server runs, and that this user may reach it.");
        }
    }

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

    private static ConfigurationSummary? Tell(ICollection<Problem> problems, string message, string cure)
    {
        problems.Add(new("DW7003", Severity.Error, message, cure, new("command line", 0, 0)));
        return null;
    }
}
