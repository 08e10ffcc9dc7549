using System.Diagnostics;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>A <c>doorward serve</c> as an operator starts it: a process of its own.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const string Announcement = "Doorward listens at ";

    private readonly Process _process;
    private readonly HttpClient _http;

    private ServeProcess(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public static async Task<ServeProcess> StartAsync(string configuration)
    {
        var executable = Path.Combine(AppContext.BaseDirectory, "doorward.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", executable, "serve", "--config", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Announcement, StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new(process, new Uri(line[Announcement.Length..].Split(", ")[0]));
        }

        throw new InvalidOperationException($"doorward serve ended: {await errors}");
    }

    /// <summary>What a request with this cookie is answered.</summary>
    public async Task<int> AskAsync(string host, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        request.Headers.Add("Cookie", $"doorward={cookie}");
        request.Headers.Add("Accept", "application/json");
        using var response = await _http.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>As <c>kill -9</c>: nothing is said, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        _process.Dispose();
    }
}
