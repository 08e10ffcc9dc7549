using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>A site as people have them: nginx, with pages in a folder. Writes down which requests came with an assertion.</summary>
internal sealed class NginxSite : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PeerProgram _nginx;

    private NginxSite(string folder, int port, PeerProgram nginx) => (_folder, Port, _nginx) = (folder, port, nginx);

    public int Port { get; }

    /// <summary>The host, the path and the assertion of each request; a dash for none.</summary>
    public IEnumerable<string[]> Requests => File.ReadLines(Path.Combine(_folder, "access.log")).Select(line => line.Split(' '));

    /// <summary>The processes that nginx itself has started; none before it has.</summary>
    public IReadOnlyList<int> Workers => File.Exists(Path.Combine(_folder, "nginx.pid")) && File.ReadAllText(Path.Combine(_folder, "nginx.pid")).Trim() is { Length: > 0 } master
        ? [.. File.ReadAllText($"/proc/{master}/task/{master}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture))]
        : [];

    /// <param name="pages">For each host, the heading of its page.</param>
    public static async Task<NginxSite> StartAsync(IReadOnlyDictionary<string, string> pages)
    {
        var folder = Directory.CreateTempSubdirectory("doorward-nginx-").FullName;
        // Its own worker may run as another user.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var port = FreePort.Next();
        foreach (var (host, heading) in pages)
        {
            Directory.CreateDirectory(Path.Combine(folder, host));
            await File.WriteAllTextAsync(Path.Combine(folder, host, "index.html"), $"<!DOCTYPE html><title>{heading}</title><h1>{heading}</h1>");
        }

        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off;
            pid {{folder}}/nginx.pid;
            worker_processes 1;
            events { worker_connections 512; }
            http {
              log_format told '$host $request_uri $http_x_doorward_assertion';
              access_log {{folder}}/access.log told;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              default_type text/html;
              server {
                listen 127.0.0.1:{{port}};
                root {{folder}}/$host;
              }
            }
            """);
        return new(folder, port, await PeerProgram.StartAsync(port, Path.Combine(folder, "log"), "nginx", "-c", file, "-e", Path.Combine(folder, "errors.log")));
    }

    public async ValueTask DisposeAsync()
    {
        await _nginx.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
