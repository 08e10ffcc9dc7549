using Doorward.Server.Routes;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorward.Server.Tests.Routes.Reload;

/// <summary>A folder with a configuration in it, and the server's own machinery over it.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    private const string Head = """
        url: https://door.example.com
        listeners: { insecure_http: "127.0.0.1:0" }
        store: { sqlite: doorward.db }
        root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
        admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorward-configuration-");

    public ManualTime Time { get; } = new();

    public string Main => PathOf("doorward.yaml");

    public CurrentConfiguration Current { get; private set; } = null!;

    public ConfigurationReload Reload { get; private set; } = null!;

    public Configuration Value => Current.Value;

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public static string Sound(string rest) => Head + rest;

    /// <summary>A route that anybody may pass, on a host of its own.</summary>
    public static string Route(string name, string more = "allow_public_unauthenticated_access: true") =>
        $"  - {{ name: {name}, from: https://{name}.example.com, to: \"http://127.0.0.1:1\", {more} }}\n";

    public ConfigurationFolder Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return this;
    }

    /// <summary>Puts a file in place as careful programs do: whole, by a rename.</summary>
    public void Replace(string name, string text)
    {
        Write(name + ".new", text);
        File.Move(PathOf(name + ".new"), PathOf(name), overwrite: true);
    }

    public ConfigurationFolder Start(string? main = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var loader = new ConfigurationLoader(main ?? Main, environment ?? new Dictionary<string, string>());
        var files = new SourceFiles();
        var loaded = loader.Load(files, previous: null);
        Assert.True(loaded.IsSound, string.Join('\n', loaded.Problems));
        Current = new(loaded.Configuration!);
        Reload = new(loader, files, Current, Time, NullLogger<ConfigurationReload>.Instance);
        return this;
    }

    /// <summary>Lets a written file come to rest, and takes it up.</summary>
    public bool Settle()
    {
        var atOnce = Reload.Look();
        Time.Advance(ConfigurationReload.Rest);
        return Reload.Look() || atOnce;
    }

    /// <summary>What the route at a request's place does with a stranger.</summary>
    public string Answer(string host, string path = "/") => Value.Table.Find(host, 443, path) is not { } route ? "none"
        : route.Policy.Decide(new() { Now = Time.GetUtcNow() }).Outcome + " by " + route.Name;

    public void Dispose()
    {
        Reload?.Dispose();
        _folder.Delete(recursive: true);
    }
}
