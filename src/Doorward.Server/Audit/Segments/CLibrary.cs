using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Doorward.Server.Audit.Segments;

/// <summary>
/// What .NET does not do. <see cref="RandomAccess.FlushToDisk"/> returns as if all were well when fsync fails with EIO (tried on
/// .NET 10.0.12), and there is no way to flush a folder, whose entries are durable only once it was flushed.
/// </summary>
internal static partial class CLibrary
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">It failed: what is on the disk nobody knows.</exception>
    public static void Flush(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            FlushDescriptor((int)file.DangerousGetHandle(), path);
        }
        finally
        {
            if (added) file.DangerousRelease();
        }
    }

    public static void FlushFolder(string folder)
    {
        // Elsewhere a new file's entry is durable with the file.
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) throw new IOException($"{folder} cannot be opened to flush it (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            FlushDescriptor(descriptor, folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void FlushDescriptor(int descriptor, string path)
    {
        const int interrupted = 4;
        while (Flush(descriptor) < 0)
            if (Marshal.GetLastPInvokeError() is not interrupted and var error) throw new IOException($"{path} cannot be flushed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
