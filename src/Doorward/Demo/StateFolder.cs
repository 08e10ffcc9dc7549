using System.Security.Cryptography;

namespace Doorward.Demo;

/// <summary>Where the demo keeps what outlives it: certificates, keys, the store, the configuration. Only its owner may read it.</summary>
internal sealed class StateFolder : IDisposable
{
    private const string LockName = "demo.lock";

    /// <summary>All that <see cref="Reset"/> removes: a folder named by mistake keeps what is not the demo's.</summary>
    private static readonly string[] OwnFolders = ["authority", "idp", "audit"];
    private static readonly string[] OwnFiles = ["doorward.yaml", "doorward.db*", "root.key", "client.secret", "directory.token", "admin.sock"];

    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held)
    {
        FullPath = path;
        _lock = held;
    }

    public static string Default => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "doorward", "demo");

    public string FullPath { get; }

    public string ConfigurationFile => At("doorward.yaml");

    public string StoreFile => At("doorward.db");

    /// <returns>Null where another demo holds the folder.</returns>
    public static StateFolder? Open(string path)
    {
        path = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            return new(path, new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public string At(string name) => Path.Combine(FullPath, name);

    public string Folder(string name) => Directory.CreateDirectory(At(name)).FullName;

    public void Reset()
    {
        foreach (var name in OwnFolders.Select(At).Where(Directory.Exists)) Directory.Delete(name, recursive: true);
        foreach (var file in OwnFiles.SelectMany(pattern => Directory.EnumerateFiles(FullPath, pattern))) File.Delete(file);
    }

    /// <summary>A random secret, made at the first use.</summary>
    public string Secret(string name)
    {
        var file = At(name);
        if (!File.Exists(file)) WritePrivately(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        return File.ReadAllText(file).Trim();
    }

    public static void WritePrivately(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.Write(text);
    }

    public void Dispose() => _lock.Dispose();
}
