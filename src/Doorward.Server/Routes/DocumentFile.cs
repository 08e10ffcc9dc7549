using System.Text;
using Doorward.Policy;

namespace Doorward.Server.Routes;

/// <summary>The text of a file on disk, or a problem that says why there is none.</summary>
internal static class DocumentFile
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path, which is also the name that problems carry.</param>
    /// <param name="problems">Gains what is wrong.</param>
    /// <param name="maxLength">The longest text read, in bytes.</param>
    /// <returns>The text; null where it cannot be read.</returns>
    public static string? ReadText(string path, ICollection<Problem> problems, int maxLength = DocumentText.DefaultMaxLength)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[maxLength + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length <= maxLength) return _strict.GetString(bytes, 0, length);
            Report("DW0010", $"The file is longer than {maxLength} bytes.", "Split it into several files.");
        }
        catch (DecoderFallbackException)
        {
            Report("DW0016", "The file is not UTF-8.", "Save it in the encoding UTF-8.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Report("DW0017", "The file cannot be read.", refused is FileNotFoundException or DirectoryNotFoundException
                ? "Check its name: there is no such file."
                : "Check that it is a file, and that you may read it.");
        }

        return null;

        void Report(string id, string message, string cure) => problems.Add(new(id, Severity.Error, message, cure, new(path, 0, 0)));
    }
}
