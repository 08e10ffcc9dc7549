namespace Doorward.Tests.House;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Tree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file that people wrote, below some folders of the checkout.</summary>
    public static IEnumerable<SourceFile> CSharp(params string[] folders) =>
        from folder in folders
        where Directory.Exists(Path.Combine(Root, folder))
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !name.Contains("/obj/", StringComparison.Ordinal) && !name.Contains("/bin/", StringComparison.Ordinal)
        orderby name
        select new SourceFile(name, File.ReadAllText(path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Doorward.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run from inside a checkout.");
    }
}

internal sealed record SourceFile(string Name, string Text)
{
    public int Lines => Text.AsSpan().Count('\n');
}
