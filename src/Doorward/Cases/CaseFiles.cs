using Doorward.Policy;
using Doorward.Server.Routes;

namespace Doorward.Cases;

/// <summary>Case files on disk.</summary>
internal static class CaseFiles
{
    public static CaseFile? Read(string path, ICollection<Problem> problems) =>
        DocumentFile.ReadText(path, problems) is { } text ? CaseFile.Read(text, path, problems) : null;
}
