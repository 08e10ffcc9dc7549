using System.Text.RegularExpressions;

namespace Doorward.Tests.House;

public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_of_the_documents_leads_somewhere()
    {
        var broken = from file in Documents()
                     from Match link in Link().Matches(WithoutCode(File.ReadAllText(file)))
                     let target = link.Groups["target"].Value
                     where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal) && !Leads(file, target)
                     select $"{Path.GetRelativePath(Tree.Root, file)}: {target}";
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Documents() =>
        from path in Directory.EnumerateFiles(Tree.Root, "*.md", SearchOption.AllDirectories)
        where !Path.GetRelativePath(Tree.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or ".git")
        // Parts that tests put together to a page; their links are right there.
        where !path.Contains("/tests/", StringComparison.Ordinal)
        select path;

    private static bool Leads(string file, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? file : Path.GetFullPath(parts[0], Path.GetDirectoryName(file)!);
        if (!File.Exists(path) && !Directory.Exists(path)) return false;
        return parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal) || Heading().Matches(WithoutCode(File.ReadAllText(path))).Any(heading => Anchor(heading.Groups["text"].Value) == parts[1]);
    }

    // As the usual renderers make them: lower case, spaces to dashes, no other marks.
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string WithoutCode(string text) => Fence().Replace(text, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
