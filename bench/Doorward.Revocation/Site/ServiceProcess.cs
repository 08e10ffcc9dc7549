using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Doorward.Revocation.Site;

/// <summary>The service in a process of its own, so that its memory and its pauses are nobody else's.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process, int http1, int http2) => (_process, Http1, Http2) = (process, http1, http2);

    public int Id => _process.Id;

    public int Http1 { get; }

    /// <summary>Without TLS.</summary>
    public int Http2 { get; }

    public static async Task<ServiceProcess> StartAsync()
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["service"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var ports = (await process.StandardOutput.ReadLineAsync())!.Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        return new(process, ports[0], ports[1]);
    }

    /// <summary>What the process does; it ends with its standard input.</summary>
    public static async Task RunAsync()
    {
        await using var http1 = await Service.StartAsync(HttpProtocols.Http1);
        await using var http2 = await Service.StartAsync(HttpProtocols.Http2);
        Console.WriteLine($"{http1.Port} {http2.Port}");
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
