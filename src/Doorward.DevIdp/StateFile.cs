using System.Text.Json;

namespace Doorward.DevIdp;

/// <summary>One value kept as JSON; without a folder, not kept at all.</summary>
internal sealed class StateFile<T>(string? folder, string name)
    where T : class
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string? _path = folder is null ? null : Path.Combine(folder, name);

    public T? Load() => File.Exists(_path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(_path), Layout) : null;

    /// <summary>Written beside and renamed, so that a crash leaves the old or the new, never a half.</summary>
    public void Save(T value)
    {
        if (_path is null)
            return;
        var beside = _path + ".new";
        using (var file = new FileStream(beside, OwnFile.CreateOptions))
            JsonSerializer.Serialize(file, value, Layout);
        File.Move(beside, _path, overwrite: true);
    }
}

/// <summary>A file that only its owner can read: there are keys and grants in it.</summary>
internal static class OwnFile
{
    public static FileStreamOptions CreateOptions
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return options;
        }
    }
}
