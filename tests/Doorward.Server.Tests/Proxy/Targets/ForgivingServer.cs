using System.Text;

namespace Doorward.Server.Tests.Proxy.Targets;

/// <summary>A second opinion: reads a target by every leniency that a server behind a proxy was ever seen to have, as simply as can be.</summary>
internal static class ForgivingServer
{
    /// <summary>The path's elements, decoded until nothing changes, without parameters and empty elements.</summary>
    public static List<string> Elements(string target)
    {
        var path = target.Split('?', '#')[0];
        for (var round = 0; round < 4; round++)
            path = Fold(Decode(path));
        return [.. path.Split('/').Select(element => element.Split(';')[0].TrimEnd('.', ' ')).Where(element => element.Length > 0)];
    }

    /// <summary>Whether some element means "here" or "up", or a control character cuts the path.</summary>
    public static bool LeavesItsPath(string target)
    {
        var path = target.Split('?', '#')[0];
        for (var round = 0; round < 4; round++)
            path = Fold(Decode(path));
        return path.Any(char.IsControl)
            || path.Split('/').Select(element => element.Split(';')[0].TrimEnd(' ')).Any(element => element.Length > 0 && element.All(c => c == '.'));
    }

    private static string Fold(string path) =>
        path.Replace('\\', '/').Replace('\uFF0F', '/').Replace('\uFF3C', '/').Replace('\uFF0E', '.').Replace('\u2024', '.').Replace('\uFE52', '.')
            .Replace("\u2025", "..", StringComparison.Ordinal);

    private static string Decode(string path)
    {
        var result = new StringBuilder();
        var bytes = new List<byte>();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1]) && char.IsAsciiHexDigit(path[i + 2]))
            {
                bytes.Add(Convert.ToByte(path.Substring(i + 1, 2), 16));
                i += 2;
                continue;
            }

            Flush();
            result.Append(path[i]);
        }

        Flush();
        return result.ToString();

        void Flush()
        {
            result.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }
}
