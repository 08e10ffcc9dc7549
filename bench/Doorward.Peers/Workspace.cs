using System.Globalization;
using System.Net;
using System.Net.Sockets;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Doorward.Peers;

/// <summary>A folder for one run, with configurations filled in from templates and ports that were free.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly Dictionary<string, string> _values = [];

    public Workspace()
    {
        Folder = Directory.CreateTempSubdirectory("doorward-bench-").FullName;
        // The peers drop their rights and must still read it.
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        Set("work", Folder);
        Set("body", new string('x', 1024));
        foreach (var name in (string[])["upstream", "ask", "nginx", "nginxauth", "nginxtls", "haproxy", "caddy", "apache", "yarp", "doorward", "health", "metrics"])
            Set(name, FreePort().ToString(CultureInfo.InvariantCulture));
    }

    public string Folder { get; }

    public string this[string name] => _values[name];

    public int Port(string name) => int.Parse(_values[name], CultureInfo.InvariantCulture);

    public void Set(string name, string value) => _values[name] = value;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Fills a template's <c>@names@</c> in and gives the file's path.</summary>
    public string Fill(string template)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configs", template));
        foreach (var (name, value) in _values) text = text.Replace($"@{name}@", value, StringComparison.Ordinal);
        return Write(template, text);
    }

    public void Dispose()
    {
        // Kept where something went wrong: the peers wrote why.
        if (Environment.GetEnvironmentVariable("BENCH_VERBOSE") != "1") Directory.Delete(Folder, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
