using System.Collections.Concurrent;
using System.Text;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>One node of a <see cref="Fleet"/>: its process, and its own network to the store.</summary>
internal sealed class FleetNode(string name, string configuration, string adminSocket, FaultProxy network) : IAsyncDisposable
{
    private ServeProcess? _process;
    private NodeClient? _client, _administrator;

    public string Name => name;

    /// <summary>Between this node and the store.</summary>
    public FaultProxy Network => network;

    /// <summary>The lines that it has written in all its lives.</summary>
    public ConcurrentQueue<string> Records { get; } = [];

    public ServeProcess Process => _process!;

    /// <summary>Asks this node, in this life of it.</summary>
    public NodeClient Client => _client!;

    /// <summary>Starts it, or starts it again.</summary>
    public async Task StartAsync()
    {
        if (_process is not null) await StopAsync();
        _process = await ServeProcess.StartAsync(configuration, Records);
        (_client, _administrator) = (new NodeClient(_process.Port), NodeClient.OnSocket(adminSocket));
    }

    public Task<Told> AskAsync(string host, string? cookie, string path = "/") => Client.AskAsync(new($"http://{host}{path}"), cookie);

    public Task<Watcher> WatchAsync(string host, string cookie) => Client.WatchAsync(new($"http://{host}/events"), cookie);

    /// <summary>As the commands do.</summary>
    public Task<Told> AdministerAsync(HttpMethod method, string path, string? body = null) => SendAsync(_administrator!, method, $"http://localhost/.doorward/api{path}", body);

    /// <summary>As a directory does.</summary>
    public Task<Told> TellAsync(HttpMethod method, string path, string body) => SendAsync(Client, method, $"http://{Fleet.Own}/.doorward/scim/v2/directory{path}", body, Fleet.DirectoryToken);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await network.DisposeAsync();
    }

    private static async Task<Told> SendAsync(NodeClient client, HttpMethod method, string url, string? body, string? token = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, token is null ? "application/json" : "application/scim+json");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        return await client.SendAsync(request);
    }

    private async Task StopAsync()
    {
        _client?.Dispose();
        _administrator?.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }
}
