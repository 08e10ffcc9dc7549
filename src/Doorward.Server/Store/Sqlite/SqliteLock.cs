using System.Globalization;

namespace Doorward.Server.Store.Sqlite;

/// <summary>
/// The lock file beside a SQLite store. The operating system frees it when its holder dies, however it dies; the process id inside
/// is only there to be told.
/// </summary>
internal static class SqliteLock
{
    /// <summary>The lock; null where another process holds it.</summary>
    public static FileStream? Take(string storePath)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(PathOf(storePath), options);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return file;
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Who holds it, as far as it can be told.</summary>
    public static string Holder(string storePath)
    {
        try
        {
            // Shared with everybody, so that no lock is asked for.
            using var file = new FileStream(PathOf(storePath), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $"process {pid}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static string PathOf(string storePath) => storePath + ".lock";
}
