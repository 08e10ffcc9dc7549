using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Doorward.Demo;
using Doorward.Peers;
using Doorward.Server.Console.Administration;

namespace Doorward.Revocation.Site;

/// <summary>One <c>doorward serve</c>, a process of its own, and a browser's way to it.</summary>
internal sealed class Node : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _administration;
    private int _toldToComeAgain;

    private Node(Process process, int port, string socket, string authority)
    {
        (_process, Port) = (process, port);
        Browser = new HttpMessageInvoker(Browsers.Handler(port, authority));
        _administration = new(new SocketsHttpHandler { ConnectCallback = (_, cancel) => ConnectAsync(socket, cancel) }) { BaseAddress = new Uri($"http://localhost{AdministrationApi.Path}/") };
    }

    public int Port { get; }

    public int Process => _process.Id;

    /// <summary>How often somebody was told to come again, and did.</summary>
    public int ToldToComeAgain => Volatile.Read(ref _toldToComeAgain);

    public void ComeAgain() => Interlocked.Increment(ref _toldToComeAgain);

    /// <summary>Connections to this node alone, whatever the host in the URL is.</summary>
    public HttpMessageInvoker Browser { get; }

    public static Uri Door(string path) => new($"https://{DemoHosts.Door}{path}");

    public static async Task<Node> StartAsync(string name, string folder, string shared, string authority, Peers.Commands commands)
    {
        var (port, health) = (Workspace.FreePort(), Workspace.FreePort());
        var (file, socket) = (Path.Combine(folder, $"{name}.yaml"), Path.Combine(folder, $"{name}.sock"));
        var own = string.Create(CultureInfo.InvariantCulture, $$"""
            listeners: { https: "127.0.0.1:{{port}}", health: "127.0.0.1:{{health}}", admin_socket: {{socket}} }
            audit: { folder: {{Path.Combine(folder, $"{name}-audit")}} }

            """);
        await File.WriteAllTextAsync(file, own + shared);
        var process = commands.Start(null, Path.GetFullPath("bench/artifacts/product/doorward"), ["serve", "--config", file], output: Path.Combine(folder, $"{name}.records"));
        await Ready.WaitAsync(new Uri($"http://127.0.0.1:{health}/readyz"), CancellationToken.None, mustBeOk: true);
        return new(process, port, socket, authority);
    }

    /// <summary>An act of an administrator. It returns when it is acknowledged.</summary>
    public async Task<long> ActAsync(HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/')) { Content = body };
        using var answer = await _administration.SendAsync(request);
        return await Acknowledged.AtAsync(answer);
    }

    /// <summary>A signal from outside, to Doorward's own address. It returns when it is acknowledged.</summary>
    public async Task<long> TellAsync(HttpMethod method, string path, HttpContent body, string? bearer = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var answer = await AskAsync(method, path, body, bearer, headers);
        return await Acknowledged.AtAsync(answer);
    }

    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, HttpContent body, string? bearer = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, Door(path)) { Content = body };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
        return await Browser.SendAsync(request, CancellationToken.None);
    }

    public void Dispose()
    {
        Browser.Dispose();
        _administration.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

/// <summary>When a sender had its 2xx.</summary>
internal static class Acknowledged
{
    public static async Task<long> AtAsync(HttpResponseMessage answer)
    {
        var at = Stopwatch.GetTimestamp();
        return answer.IsSuccessStatusCode ? at
            : throw new InvalidOperationException($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
